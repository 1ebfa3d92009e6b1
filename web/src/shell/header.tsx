import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { LOCALES, type Locale, locale, setLocale, t } from '../i18n'
import { account, sessionState, signOut } from '../session'
import { Icon } from '../ui/icon'
import { Brand } from './brand'

const SECTIONS = [
  ['/', 'nav-home'],
  ['/photos/new', 'nav-new-photo'],
  ['/photos', 'nav-photos'],
  ['/photos/guide', 'nav-guide'],
] as const

export function Header() {
  const { path, route } = useLocation()
  const open = useSignal(false)
  useEffect(() => {
    open.value = false
  }, [path])
  return (
    <header class="site-header">
      <div class="bar">
        <a class="brand" href="/">
          <Brand />
          <span>{t('site-name')}</span>
        </a>
        <button
          type="button"
          class="icon-button menu-button"
          aria-expanded={open.value}
          aria-controls="site-menu"
          aria-label={t('menu')}
          onClick={() => (open.value = !open.value)}
        >
          <Icon name={open.value ? 'cross' : 'menu'} size={24} />
        </button>
        <div class="site-menu" id="site-menu" data-open={open.value ? '' : undefined}>
          <nav aria-label={t('nav-label')}>
            <ul>
              {SECTIONS.map(([href, key]) => (
                <li key={href}>
                  <a href={href} aria-current={path === href ? 'page' : undefined}>
                    {t(key)}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <div class="site-tools">
            <LanguageSwitch />
            <AccountLinks onSignOut={() => void signOut().then(() => route('/login'))} />
          </div>
        </div>
      </div>
    </header>
  )
}

/** Switches to the other language; the label is in that language. */
function LanguageSwitch() {
  const other = (Object.keys(LOCALES) as Locale[]).find((name) => name !== locale.value)!
  return (
    <button type="button" class="tool" lang={other} onClick={() => void setLocale(other)}>
      <Icon name="globe" size={18} />
      {LOCALES[other]}
    </button>
  )
}

function AccountLinks({ onSignOut }: { onSignOut: () => void }) {
  if (sessionState.value === 'unknown') return <span class="tool-space" />
  if (sessionState.value === 'signed-out') {
    return (
      <>
        <a class="tool" href="/register">
          {t('nav-register')}
        </a>
        <a class="button button-primary button-small" href="/login">
          {t('nav-login')}
        </a>
      </>
    )
  }
  return (
    <>
      <a class="tool figures" href="/me">
        <Icon name="person" size={18} />
        {t('nav-me')}
        <span class="muted">{account.value?.phone ?? account.value?.nickname ?? account.value?.userName}</span>
      </a>
      <button type="button" class="tool" onClick={onSignOut}>
        {t('sign-out')}
      </button>
    </>
  )
}
