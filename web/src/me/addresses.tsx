import { useSignal } from '@preact/signals'
import { api, type Outcome, outcome } from '../api/client'
import type { Problem } from '../api/problem'
import { useQuery } from '../api/use-query'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { EmptyState, Loading } from '../ui/empty-state'
import { ProblemNotice } from '../ui/notice'
import { StatusTag } from '../ui/status-tag'
import { AccountLayout } from './account-layout'
import { type Address, AddressForm } from './address-form'

/** 邮寄地址: the list, or the form of the address that is added or changed. */
export default function AddressesPage() {
  const loaded = useQuery(() => outcome(api.GET('/v1/me/addresses')), [])
  /** The list as the latest change returned it. */
  const changed = useSignal<Address[] | undefined>(undefined)
  const edited = useSignal<Address | 'new' | undefined>(undefined)
  const changeProblem = useSignal<Problem | undefined>(undefined)
  const addresses = changed.value ?? loaded.data

  function show(result: Outcome<Address[]>) {
    changeProblem.value = result.ok ? undefined : result.problem
    if (result.ok) changed.value = result.data
  }
  const path = (addressId: string) => ({ params: { path: { addressId } } })
  const makeDefault = async (id: string) =>
    show(await outcome(api.PATCH('/v1/me/addresses/{addressId}', { ...path(id), body: { isDefault: true } })))
  async function remove(id: string) {
    const deleted = await outcome(api.DELETE('/v1/me/addresses/{addressId}', path(id)))
    show(deleted.ok ? await outcome(api.GET('/v1/me/addresses')) : deleted)
  }

  const problem = changeProblem.value ?? loaded.problem
  return (
    <AccountLayout title={t('me-addresses')} lead={t('addresses-lead')}>
      {problem && <ProblemNotice problem={problem} {...(loaded.problem && { retry: loaded.refetch })} />}
      {!addresses && !loaded.problem && <Loading label={t('loading')} />}
      {edited.value && (
        <AddressForm
          key={edited.value === 'new' ? 'new' : edited.value.addressId}
          address={edited.value === 'new' ? undefined : edited.value}
          onClose={() => (edited.value = undefined)}
          onSaved={(saved) => {
            changed.value = saved
            edited.value = undefined
          }}
        />
      )}
      {addresses && !edited.value && (
        <>
          {addresses.length === 0 && <EmptyState icon="list" title={t('addresses-none')} />}
          <ul class="cards">
            {addresses.map((address) => (
              <AddressCard
                key={address.addressId}
                address={address}
                onEdit={() => (edited.value = address)}
                onMakeDefault={() => void makeDefault(address.addressId)}
                onRemove={() => void remove(address.addressId)}
              />
            ))}
          </ul>
          <div class="actions">
            <Button variant="primary" onClick={() => (edited.value = 'new')}>
              {t('address-add')}
            </Button>
          </div>
        </>
      )}
    </AccountLayout>
  )
}

interface CardProps {
  address: Address
  onEdit: () => void
  onMakeDefault: () => void
  onRemove: () => void
}

function AddressCard({ address, onEdit, onMakeDefault, onRemove }: CardProps) {
  const { receiver, phone, province, city, district, detail, isDefault } = address
  // Screen readers list buttons without their row, so the name of each includes the receiver.
  const labelled = (action: string) => ({ 'aria-label': t('address-action', { action, receiver }) })
  return (
    <li class="card stack">
      <p class="device-name">
        {receiver} <span class="figures muted">{phone}</span>
      </p>
      <p>{[province, city, district, detail].filter(Boolean).join(' ')}</p>
      {isDefault && <StatusTag tone="pass">{t('address-default')}</StatusTag>}
      <div class="actions">
        <Button onClick={onEdit} {...labelled(t('edit'))}>
          {t('edit')}
        </Button>
        {!isDefault && (
          <Button onClick={onMakeDefault} {...labelled(t('address-make-default'))}>
            {t('address-make-default')}
          </Button>
        )}
        <Button icon="trash" onClick={onRemove} {...labelled(t('delete'))}>
          {t('delete')}
        </Button>
      </div>
    </li>
  )
}
