import type { FunctionComponent } from 'preact'
import { lazy } from 'preact-iso'
import { type Area, loadArea } from '../i18n'

type LoadPage = () => Promise<{ default: FunctionComponent }>

/** A page in its own chunk. It renders after the catalogues of its areas have loaded. */
function page(area: Area, load: LoadPage, ...otherAreas: Area[]) {
  return lazy(async () => {
    const [module] = await Promise.all([load(), ...[area, ...otherAreas].map(loadArea)])
    return module.default
  })
}

export const Login = page('account', () => import('../account/login'))
export const Forgot = page('account', () => import('../account/forgot'))
export const Agreement = page('account', () => import('../account/agreement'))
export const Register = page('account', () => import('../account/register'))
export const NewPhoto = page('photos', () => import('../photos/new'))
export const PhotoList = page('photos', () => import('../photos/list'))
export const PhotoDetail = page('photos', () => import('../photos/detail'))
export const Profile = page('me', () => import('../me/profile'), 'account')
export const Password = page('me', () => import('../me/password'), 'account')
export const Nickname = page('me', () => import('../me/nickname'), 'account')
export const Phone = page('me', () => import('../me/phone'), 'account')
export const Email = page('me', () => import('../me/email'), 'account')
export const ActivateEmail = page('me', () => import('../me/activate-email'))
export const Addresses = page('me', () => import('../me/addresses'), 'account')
export const Devices = page('me', () => import('../me/devices'))
export const Recharge = page('me', () => import('../me/recharge'))
export const Transactions = page('me', () => import('../me/transactions'))
export const Coupons = page('me', () => import('../me/coupons'))
export const Orders = page('me', () => import('../me/orders'), 'invoices')
export const Invoices = page('me', () => import('../invoices/list'), 'invoices')
export const Invoice = page('me', () => import('../invoices/detail'), 'invoices')
export const Order = page('me', () => import('../me/order'))
export const NewOrder = page('me', () => import('../pay/new-order'))
export const PhotoGuide = page('photos', () => import('../photos/guide'))
export const Receipt = page('photos', () => import('../receipt/receipt'))
export const Verify = page('photos', () => import('../receipt/verify'))
