import { useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { ErrorBoundary, LocationProvider, Route, Router } from 'preact-iso'
import { Home } from '../home'
import { t } from '../i18n'
import { Button, ButtonLink } from '../ui/button'
import { onRouteChange } from '../ui/navigation'
import { Notice } from '../ui/notice'
import { Page } from '../ui/page'
import { Footer } from './footer'
import { Header } from './header'
import { online } from './online'
import { PhonePrompt } from './phone-prompt'
import { RequireSession } from './require-session'
import * as pages from './routes'

export function App() {
  const broken = useSignal(false)
  return (
    <LocationProvider>
      {/* biome-ignore lint/a11y/useValidAnchor: a skip link, whose handler only moves the focus */}
      <a class="skip" href="#main" onClick={() => document.getElementById('main')?.focus()}>
        {t('skip')}
      </a>
      <Header />
      {!online.value && (
        <div class="offline-bar">
          <Notice tone="warn" icon="offline" title={t('offline')} live>
            {t('offline-hint')}
          </Notice>
        </div>
      )}
      <main id="main" tabIndex={-1}>
        <ErrorBoundary onError={() => (broken.value = true)}>
          {broken.value ? (
            <Broken />
          ) : (
            <Router onRouteChange={onRouteChange}>
              <Route path="/" component={Home} />
              <Route path="/login" component={pages.Login} />
              <Route path="/forgot" component={pages.Forgot} />
              <Route path="/register" component={pages.Agreement} />
              <Route path="/register/form" component={pages.Register} />
              <Route path="/photos/new" component={NewPhoto} />
              <Route path="/photos/guide" component={pages.PhotoGuide} />
              <Route path="/photos" component={PhotoList} />
              <Route path="/photos/:imageNo" component={PhotoDetail} />
              <Route path="/photos/:imageNo/receipt" component={Receipt} />
              <Route path="/verify/:token" component={pages.Verify} />
              <Route path="/me" component={Profile} />
              <Route path="/me/password" component={Password} />
              <Route path="/me/nickname" component={Nickname} />
              <Route path="/me/phone" component={Phone} />
              <Route path="/me/email" component={Email} />
              <Route path="/me/addresses" component={Addresses} />
              <Route path="/me/devices" component={Devices} />
              <Route path="/activate-email" component={pages.ActivateEmail} />
              <Route path="/me/recharge" component={Recharge} />
              <Route path="/me/transactions" component={Transactions} />
              <Route path="/me/coupons" component={Coupons} />
              <Route path="/me/orders" component={Orders} />
              <Route path="/me/orders/:orderNo" component={Order} />
              <Route path="/me/invoices" component={Invoices} />
              <Route path="/me/invoices/:no" component={Invoice} />
              <Route path="/orders/new" component={NewOrder} />
              <Route default component={NotFound} />
            </Router>
          )}
        </ErrorBoundary>
      </main>
      <Footer />
      <PhonePrompt />
    </LocationProvider>
  )
}

const requireSession = (page: ComponentType) => () => <RequireSession page={page} />
const NewPhoto = requireSession(pages.NewPhoto)
const PhotoList = requireSession(pages.PhotoList)
const PhotoDetail = requireSession(pages.PhotoDetail)
const Receipt = requireSession(pages.Receipt)
const Profile = requireSession(pages.Profile)
const Password = requireSession(pages.Password)
const Nickname = requireSession(pages.Nickname)
const Phone = requireSession(pages.Phone)
const Email = requireSession(pages.Email)
const Addresses = requireSession(pages.Addresses)
const Devices = requireSession(pages.Devices)
const Recharge = requireSession(pages.Recharge)
const Transactions = requireSession(pages.Transactions)
const Coupons = requireSession(pages.Coupons)
const Orders = requireSession(pages.Orders)
const Order = requireSession(pages.Order)
const Invoices = requireSession(pages.Invoices)
const Invoice = requireSession(pages.Invoice)
const NewOrder = requireSession(pages.NewOrder)

function NotFound() {
  return (
    <Page title={t('not-found')} lead={t('not-found-hint')} narrow>
      <ButtonLink href="/">{t('nav-home')}</ButtonLink>
    </Page>
  )
}

/** Shown after a rendering error. The usual cause is a page chunk that could not be loaded, so it offers to reload. */
function Broken() {
  return (
    <Page title={t('broken')} lead={t('broken-hint')} narrow>
      <Button icon="refresh" onClick={() => window.location.reload()}>
        {t('reload')}
      </Button>
    </Page>
  )
}
