import { useSignal } from '@preact/signals'
import { api, outcome, type Outcome, type Schemas } from '../api/client'
import type { Problem } from '../api/problem'
import { useAnswer } from '../api/use-answer'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { EmptyState, Loading } from '../ui/empty-state'
import { ProblemNotice } from '../ui/notice'
import { StatusTag } from '../ui/status-tag'
import { AddressForm } from './address-form'
import { MeFrame } from './frame'

export type Address = Schemas['MailingAddress']

/** 邮寄地址: the list, and one form at a time for a new or an old one. */
export default function AddressesPage() {
  const first = useAnswer(() => outcome(api.GET('/v1/me/addresses')), [])
  const changed = useSignal<Address[] | undefined>(undefined)
  const open = useSignal<Address | 'new' | undefined>(undefined)
  const refused = useSignal<Problem | undefined>(undefined)
  const all = changed.value ?? first.data

  function take(answer: Outcome<Address[]>) {
    refused.value = answer.ok ? undefined : answer.problem
    if (answer.ok) changed.value = answer.data
  }
  const path = (addressId: string) => ({ params: { path: { addressId } } })
  const choose = async (id: string) =>
    take(await outcome(api.PATCH('/v1/me/addresses/{addressId}', { ...path(id), body: { isDefault: true } })))
  async function remove(id: string) {
    const answer = await outcome(api.DELETE('/v1/me/addresses/{addressId}', path(id)))
    take(answer.ok ? await outcome(api.GET('/v1/me/addresses')) : answer)
  }

  const problem = refused.value ?? first.problem
  return (
    <MeFrame title={t('me-addresses')} lead={t('addresses-lead')}>
      {problem && <ProblemNotice problem={problem} {...(first.problem && { retry: first.again })} />}
      {!all && !first.problem && <Loading label={t('loading')} />}
      {open.value && (
        <AddressForm
          key={open.value === 'new' ? 'new' : open.value.addressId}
          address={open.value === 'new' ? undefined : open.value}
          onClose={() => (open.value = undefined)}
          onSaved={(saved) => {
            changed.value = saved
            open.value = undefined
          }}
        />
      )}
      {all && !open.value && (
        <>
          {all.length === 0 && <EmptyState icon="list" title={t('addresses-none')} />}
          <ul class="cards">
            {all.map((address) => (
              <Item
                key={address.addressId}
                address={address}
                onEdit={() => (open.value = address)}
                onChoose={() => void choose(address.addressId)}
                onRemove={() => void remove(address.addressId)}
              />
            ))}
          </ul>
          <div class="actions">
            <Button look="primary" onClick={() => (open.value = 'new')}>
              {t('address-add')}
            </Button>
          </div>
        </>
      )}
    </MeFrame>
  )
}

interface ItemProps {
  address: Address
  onEdit: () => void
  onChoose: () => void
  onRemove: () => void
}

function Item({ address, onEdit, onChoose, onRemove }: ItemProps) {
  const { receiver, phone, province, city, district, detail, isDefault } = address
  // Several buttons of one name would be one button to who hears them.
  const named = (action: string) => ({ 'aria-label': t('address-action', { action, receiver }) })
  return (
    <li class="card stack">
      <p class="device-name">
        {receiver} <span class="figures muted">{phone}</span>
      </p>
      <p>{[province, city, district, detail].filter(Boolean).join(' ')}</p>
      {isDefault && <StatusTag tone="pass">{t('address-default')}</StatusTag>}
      <div class="actions">
        <Button onClick={onEdit} {...named(t('edit'))}>
          {t('edit')}
        </Button>
        {!isDefault && (
          <Button onClick={onChoose} {...named(t('address-make-default'))}>
            {t('address-make-default')}
          </Button>
        )}
        <Button icon="trash" onClick={onRemove} {...named(t('delete'))}>
          {t('delete')}
        </Button>
      </div>
    </li>
  )
}
