import type { ComponentType } from 'preact'
import { ErrorBoundary, LocationProvider, Route, Router } from 'preact-iso'
import { useSignal } from '@preact/signals'
import { t } from '../i18n'
import { Home } from '../home'
import { Button, ButtonLink } from '../ui/button'
import { Notice } from '../ui/notice'
import { Page } from '../ui/page'
import { onRoute } from './arrival'
import { Footer } from './footer'
import { Members } from './guard'
import { Header } from './header'
import { online } from './online'
import { PhonePrompt } from './phone-prompt'
import * as pages from './routes'

export function App() {
  const broken = useSignal(false)
  return (
    <LocationProvider>
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
            <Router onRouteChange={onRoute}>
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

const forMembers = (page: ComponentType) => () => <Members page={page} />
const NewPhoto = forMembers(pages.NewPhoto)
const PhotoList = forMembers(pages.PhotoList)
const PhotoDetail = forMembers(pages.PhotoDetail)
const Receipt = forMembers(pages.Receipt)
const Profile = forMembers(pages.Profile)
const Password = forMembers(pages.Password)
const Nickname = forMembers(pages.Nickname)
const Phone = forMembers(pages.Phone)
const Email = forMembers(pages.Email)
const Addresses = forMembers(pages.Addresses)
const Devices = forMembers(pages.Devices)
const Recharge = forMembers(pages.Recharge)
const Transactions = forMembers(pages.Transactions)
const Coupons = forMembers(pages.Coupons)
const Orders = forMembers(pages.Orders)
const Order = forMembers(pages.Order)
const Invoices = forMembers(pages.Invoices)
const Invoice = forMembers(pages.Invoice)
const NewOrder = forMembers(pages.NewOrder)

function NotFound() {
  return (
    <Page title={t('not-found')} lead={t('not-found-hint')} narrow>
      <ButtonLink href="/">{t('nav-home')}</ButtonLink>
    </Page>
  )
}

/** Most often a page chunk that could not be fetched: reloading is what helps. */
function Broken() {
  return (
    <Page title={t('broken')} lead={t('broken-hint')} narrow>
      <Button icon="refresh" onClick={() => window.location.reload()}>
        {t('reload')}
      </Button>
    </Page>
  )
}
