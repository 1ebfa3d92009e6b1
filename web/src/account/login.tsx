import { useLocation } from 'preact-iso'
import { t } from '../i18n'
import { Page } from '../ui/page'
import { PasswordLogin } from './password-login'
import { QrLogin } from './qr-login'
import { SmsLogin } from './sms-login'
import '../ui/list.css'

const WAYS = ['password', 'sms', 'qr'] as const

/** 登录: by account, by short message, or by an app that scans. All end where the visitor wanted to go. */
export default function Login() {
  const { query, route } = useLocation()
  const way = WAYS.find((name) => name === query.way) ?? 'password'
  const done = () => route(localPath(query.next), true)
  const address = (name: string) => `/login?${new URLSearchParams({ way: name, ...(query.next && { next: query.next }) })}`
  return (
    <Page title={t('login')} lead={t('login-lead')} narrow>
      <nav class="tabs" aria-label={t('login-ways')}>
        {WAYS.map((name) => (
          <a key={name} class="button" href={address(name)} aria-current={name === way ? 'page' : undefined}>
            {t(`login-${name}`)}
          </a>
        ))}
      </nav>
      {way === 'password' && <PasswordLogin onDone={done} />}
      {way === 'sms' && <SmsLogin onDone={done} />}
      {way === 'qr' && <QrLogin onDone={done} />}
      <p>
        <a href="/register">{t('login-no-account')}</a>
      </p>
    </Page>
  )
}

/** Only ever back into this site: an address from the query may name no other host. */
export function localPath(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/'
}
