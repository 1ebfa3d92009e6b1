import { digits, isPhone, PhoneField } from '../account/phone-field'
import { api, outcome, type Schemas } from '../api/client'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { Checkbox } from '../ui/choice'
import { ErrorSummary } from '../ui/error-summary'
import { type Errors, useForm } from '../ui/form'
import { TextField } from '../ui/text-field'
import { useSubmit } from '../ui/use-submit'

export type Address = Schemas['MailingAddress']

interface TextSpec {
  name: 'receiver' | 'province' | 'city' | 'district' | 'detail'
  autocomplete: string
  required: boolean
}

const RECEIVER: TextSpec = { name: 'receiver', autocomplete: 'name', required: true }
const PLACES: TextSpec[] = [
  { name: 'province', autocomplete: 'address-level1', required: true },
  { name: 'city', autocomplete: 'address-level2', required: true },
  { name: 'district', autocomplete: 'address-level3', required: false },
  { name: 'detail', autocomplete: 'street-address', required: true },
]
const ORDER = ['receiver', 'phone', ...PLACES.map(({ name }) => name)]

interface Props {
  /** The address to change; `undefined` creates one. */
  address: Address | undefined
  onSaved: (addresses: Address[]) => void
  onClose: () => void
}

export function AddressForm({ address, onSaved, onClose }: Props) {
  const form = useForm({
    receiver: address?.receiver ?? '',
    // The service masks the phone of a saved address. An empty field leaves it unchanged.
    phone: '',
    province: address?.province ?? '',
    city: address?.city ?? '',
    district: address?.district ?? '',
    detail: address?.detail ?? '',
    isDefault: address?.isDefault ?? false,
  })
  const { busy, problem, submit } = useSubmit(form)
  const { values } = form
  async function onSubmit(event: Event) {
    event.preventDefault()
    const { phone, ...rest } = values
    const saved = await submit(addressErrors(values, address !== undefined), () =>
      address
        ? outcome(
            api.PATCH('/v1/me/addresses/{addressId}', {
              params: { path: { addressId: address.addressId } },
              body: { ...rest, ...(phone && { phone: digits(phone) }) },
            }),
          )
        : outcome(api.POST('/v1/me/addresses', { body: { ...rest, phone: digits(phone) } })),
    )
    if (saved) onSaved(saved.data)
  }
  const text = ({ name, autocomplete, required }: TextSpec) => (
    <TextField
      key={name}
      form={form}
      name={name}
      label={t(`address-${name}`)}
      required={required}
      input={{ autocomplete }}
    />
  )
  return (
    <form class="card stack" noValidate onSubmit={(event) => void onSubmit(event)}>
      <h2>{t(address ? 'address-edit' : 'address-add')}</h2>
      <ErrorSummary form={form} order={ORDER} problem={problem} />
      {text(RECEIVER)}
      <PhoneField form={form} hint={address && t('address-phone-kept', { phone: address.phone })} />
      {PLACES.map(text)}
      <Checkbox checked={values.isDefault} onChange={(checked) => form.set('isDefault', checked)}>
        {t('address-make-default')}
      </Checkbox>
      <div class="actions">
        <Button type="submit" variant="primary" busy={busy}>
          {t('save')}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </form>
  )
}

type Values = Record<TextSpec['name'] | 'phone', string>

function addressErrors(values: Values, exists: boolean): Errors {
  const empty = [RECEIVER, ...PLACES].filter(({ name, required }) => required && !values[name].trim())
  const phoneUnchanged = exists && values.phone === ''
  return {
    ...Object.fromEntries(empty.map(({ name }) => [name, t('address-missing', { name: t(`address-${name}`) })])),
    ...(!isPhone(values.phone) && !phoneUnchanged && { phone: t('phone-wrong') }),
  }
}
