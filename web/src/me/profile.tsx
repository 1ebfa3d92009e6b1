import type { ComponentChildren } from 'preact'
import { api, outcome } from '../api/client'
import { useAnswer } from '../api/use-answer'
import { t } from '../i18n'
import { beijing } from '../i18n/format'
import { account } from '../session'
import { Descriptions } from '../ui/descriptions'
import { MeFrame } from './frame'

/** 基本信息: everything the account knows of its owner, masked by the server, with the way to each change. */
export default function Profile() {
  const mine = account.value
  const addresses = useAnswer(() => outcome(api.GET('/v1/me/addresses')), [])
  const home = addresses.data?.find((address) => address.isDefault)
  // Sex, name and birthday come with the verification of the real name and not before.
  const unverified = <span class="muted">{t('profile-unverified')}</span>
  const absent = <span class="muted">{t('profile-none')}</span>
  return (
    <MeFrame title={t('me-profile')}>
      <section class="card">
        {mine && (
          <Descriptions
            rows={[
              [t('profile-kind'), t(`profile-kind-${mine.kind}`)],
              [t('profile-user-name'), mine.userName],
              [t('profile-nickname'), <Row href="/me/nickname" action="edit" value={mine.nickname ?? absent} />],
              [t('profile-sex'), unverified],
              [t('profile-real-name'), unverified],
              [t('profile-birthday'), unverified],
              [
                t('me-addresses'),
                <Row
                  href="/me/addresses"
                  action="set"
                  value={home ? [home.province, home.city, home.district, home.detail].filter(Boolean).join(' ') : absent}
                />,
              ],
              [t('password'), <Row href="/me/password" action="edit" value="••••••••" />],
              [t('profile-phone'), <Row href="/me/phone" action={mine.phone ? 'edit' : 'bind'} value={mine.phone ?? absent} />],
              [t('email'), <Row href="/me/email" action={mine.email ? 'edit' : 'bind'} value={mine.email ?? absent} />],
              [t('profile-verification'), unverified],
              [t('profile-on-site'), unverified],
              [t('profile-registered'), beijing(mine.registeredAt)],
            ]}
          />
        )}
      </section>
    </MeFrame>
  )
}

function Row({ href, action, value }: { href: string; action: 'edit' | 'set' | 'bind'; value: ComponentChildren }) {
  return (
    <span class="row-with-link">
      <span>{value}</span>
      <a href={href}>{t(action)}</a>
    </span>
  )
}
