import { useSignal, useSignalEffect } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { api, outcome } from '../api/client'
import { t } from '../i18n'
import { money } from '../i18n/format'
import { account, signOut } from '../session'
import { Icon, type IconName } from '../ui/icon'
import { Notice } from '../ui/notice'
import { Page } from '../ui/page'
import { walletVersion } from './wallet'
import './me.css'

const MENU: [href: string, key: string, icon: IconName][] = [
  ['/me/orders', 'me-orders', 'list'],
  ['/me/coupons', 'me-coupons', 'ticket'],
  ['/me/recharge', 'me-recharge', 'wallet'],
  ['/me/transactions', 'me-transactions', 'clock'],
  ['/me/invoices', 'me-invoices', 'receipt'],
  ['/me', 'me-profile', 'person'],
  ['/me/addresses', 'me-addresses', 'list'],
  ['/me/password', 'me-password', 'key'],
  ['/me/devices', 'me-devices', 'eye'],
]

interface Props {
  title: string
  lead?: ComponentChildren
  children: ComponentChildren
}

/** Layout of the personal centre: account and balance at the top left, the menu below them, the page beside them. */
export function AccountLayout({ title, lead, children }: Props) {
  const { path, route } = useLocation()
  const menu = useRef<HTMLUListElement>(null)
  useEffect(() => {
    menu.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [path])
  return (
    <Page title={title} lead={lead}>
      <div class="me">
        <aside class="me-side">
          <div class="me-who">
            <p class="me-name">{account.value?.nickname ?? account.value?.userName}</p>
            <p class="small muted">{t('me-user-id', { id: account.value?.accountId ?? '' })}</p>
            <Balance />
          </div>
          <nav aria-label={t('nav-me')}>
            <ul class={path === '/me' ? 'me-menu' : 'me-menu me-menu-brief'} ref={menu}>
              {MENU.map(([href, key, icon]) => (
                <li key={href}>
                  <a href={href} aria-current={path === href ? 'page' : undefined}>
                    <Icon name={icon} size={18} />
                    {t(key)}
                  </a>
                </li>
              ))}
              <li>
                <button type="button" onClick={() => void signOut().then(() => route('/login'))}>
                  <Icon name="right" size={18} />
                  {t('sign-out')}
                </button>
              </li>
            </ul>
          </nav>
        </aside>
        <div class="me-main stack">
          <ExpiringCoupons />
          {children}
        </div>
      </div>
    </Page>
  )
}

/** 优惠券到期提醒: the number of usable coupons for which the service has sent an expiry reminder. */
function ExpiringCoupons() {
  const count = useSignal(0)
  useSignalEffect(() => {
    void walletVersion.value
    void outcome(api.GET('/v1/coupons', { params: { query: { state: 'usable' } } })).then((coupons) => {
      if (coupons.ok) count.value = coupons.data.items.filter((coupon) => coupon.remindedAt).length
    })
  })
  if (count.value === 0) return null
  return (
    <Notice tone="warn" title={t('coupons-soon', { count: count.value })}>
      <p>
        <a href="/me/coupons">{t('coupons-soon-use')}</a>
      </p>
    </Notice>
  )
}

function Balance() {
  const balance = useSignal<number | undefined>(undefined)
  useSignalEffect(() => {
    void walletVersion.value
    void outcome(api.GET('/v1/wallet')).then((wallet) => {
      if (wallet.ok) balance.value = wallet.data.availableFen
    })
  })
  if (balance.value === undefined) return null
  return (
    <p class="me-balance figures">
      <span class="small muted">{t('balance')}</span>
      {money(balance.value)}
    </p>
  )
}
