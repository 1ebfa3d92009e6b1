import type { ComponentChildren } from 'preact'
import { api, outcome, type Schemas } from '../api/client'
import { useQuery } from '../api/use-query'
import { t } from '../i18n'
import { beijing } from '../i18n/format'
import { account } from '../session'
import { Descriptions } from '../ui/descriptions'
import { AccountLayout } from './account-layout'

/** 基本信息: the data of the account, masked by the service, with links to the pages that change them. */
export default function Profile() {
  const own = account.value
  const addresses = useQuery(() => outcome(api.GET('/v1/me/addresses')), [])
  const defaultAddress = addresses.data?.find((address) => address.isDefault)
  // Sex, name and birthday are known only after the real-name verification, which does not exist yet.
  const unverified = <span class="muted">{t('profile-unverified')}</span>
  const absent = <span class="muted">{t('profile-none')}</span>
  return (
    <AccountLayout title={t('me-profile')}>
      <section class="card">
        {own && (
          <Descriptions
            rows={[
              [t('profile-kind'), t(`profile-kind-${own.kind}`)],
              [t('profile-user-name'), own.userName],
              [t('profile-nickname'), <Row href="/me/nickname" action="edit" value={own.nickname ?? absent} />],
              [t('profile-sex'), unverified],
              [t('profile-real-name'), unverified],
              [t('profile-birthday'), unverified],
              [
                t('me-addresses'),
                <Row href="/me/addresses" action="set" value={defaultAddress ? addressText(defaultAddress) : absent} />,
              ],
              [t('password'), <Row href="/me/password" action="edit" value="••••••••" />],
              [
                t('profile-phone'),
                <Row href="/me/phone" action={own.phone ? 'edit' : 'bind'} value={own.phone ?? absent} />,
              ],
              [t('email'), <Row href="/me/email" action={own.email ? 'edit' : 'bind'} value={own.email ?? absent} />],
              [t('profile-verification'), unverified],
              [t('profile-on-site'), unverified],
              [t('profile-registered'), beijing(own.registeredAt)],
            ]}
          />
        )}
      </section>
    </AccountLayout>
  )
}

const addressText = ({ province, city, district, detail }: Schemas['MailingAddress']): string =>
  [province, city, district, detail].filter(Boolean).join(' ')

function Row({ href, action, value }: { href: string; action: 'edit' | 'set' | 'bind'; value: ComponentChildren }) {
  return (
    <span class="row-with-link">
      <span>{value}</span>
      <a href={href}>{t(action)}</a>
    </span>
  )
}
