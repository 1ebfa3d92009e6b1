import { useLocation } from 'preact-iso'
import { t } from '../i18n'
import { Page } from '../ui/page'
import { PasswordLogin } from './password-login'
import { QrLogin } from './qr-login'
import { SmsLogin } from './sms-login'
import '../ui/list.css'

const METHODS = ['password', 'sms', 'qr'] as const

/** 登录 by password, SMS code or QR code; afterwards the page in `next` opens. */
export default function Login() {
  const { query, route } = useLocation()
  const method = METHODS.find((name) => name === query.way) ?? 'password'
  const done = () => route(localPath(query.next), true)
  const href = (name: string) => `/login?${new URLSearchParams({ way: name, ...(query.next && { next: query.next }) })}`
  return (
    <Page title={t('login')} lead={t('login-lead')} narrow>
      <nav class="tabs" aria-label={t('login-ways')}>
        {METHODS.map((name) => (
          <a key={name} class="button" href={href(name)} aria-current={name === method ? 'page' : undefined}>
            {t(`login-${name}`)}
          </a>
        ))}
      </nav>
      {method === 'password' && <PasswordLogin onDone={done} />}
      {method === 'sms' && <SmsLogin onDone={done} />}
      {method === 'qr' && <QrLogin onDone={done} />}
      <p>
        <a href="/register">{t('login-no-account')}</a>
      </p>
    </Page>
  )
}

/** The path to open after signing in. Addresses of other sites become `/`: the query is not trusted. */
export function localPath(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/'
}
