import { PhoneField } from '../account/phone-field'
import { digits, isPhone } from '../account/sms-code'
import { api, outcome } from '../api/client'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { Checkbox } from '../ui/choice'
import { ErrorSummary } from '../ui/error-summary'
import { Field } from '../ui/field'
import { useForm, type Errors } from '../ui/form'
import { ProblemNotice } from '../ui/notice'
import { useSubmit } from '../ui/use-submit'
import type { Address } from './addresses'

const TEXTS = [
  ['receiver', 'name', true],
  ['province', 'address-level1', true],
  ['city', 'address-level2', true],
  ['district', 'address-level3', false],
  ['detail', 'street-address', true],
] as const
const ORDER = ['receiver', 'phone', 'province', 'city', 'district', 'detail']

interface Props {
  /** The one to be changed; nothing for a new one. */
  address: Address | undefined
  onSaved: (all: Address[]) => void
  onClose: () => void
}

export function AddressForm({ address, onSaved, onClose }: Props) {
  const form = useForm({
    receiver: address?.receiver ?? '',
    // The page never has the whole number of an old address: left empty it stays.
    phone: '',
    province: address?.province ?? '',
    city: address?.city ?? '',
    district: address?.district ?? '',
    detail: address?.detail ?? '',
    isDefault: address?.isDefault ?? false,
  })
  const { busy, problem, submit } = useSubmit(form)
  const { values, errors } = form
  async function send(event: Event) {
    event.preventDefault()
    const { phone, ...rest } = values
    const made = await submit(missing(values, address !== undefined), () =>
      address
        ? outcome(
            api.PATCH('/v1/me/addresses/{addressId}', {
              params: { path: { addressId: address.addressId } },
              body: { ...rest, ...(phone && { phone: digits(phone) }) },
            }),
          )
        : outcome(api.POST('/v1/me/addresses', { body: { ...rest, phone: digits(phone) } })),
    )
    if (made) onSaved(made.data)
  }
  const text = ([name, autocomplete, required]: (typeof TEXTS)[number]) => (
    <Field key={name} name={name} label={t(`address-${name}`)} error={errors[name]} required={required}>
      {(control) => (
        <input
          {...control}
          class="control"
          value={values[name]}
          autocomplete={autocomplete}
          onInput={(event) => form.set(name, event.currentTarget.value)}
        />
      )}
    </Field>
  )
  const [receiver, ...places] = TEXTS
  return (
    <form class="card stack" noValidate onSubmit={(event) => void send(event)}>
      <h2>{t(address ? 'address-edit' : 'address-add')}</h2>
      <ErrorSummary errors={errors} refusals={form.refusals} order={ORDER} />
      {problem && <ProblemNotice problem={problem} />}
      {text(receiver)}
      <PhoneField
        value={values.phone}
        error={errors.phone}
        hint={address && t('address-phone-kept', { phone: address.phone })}
        onInput={(value) => form.set('phone', value)}
      />
      {places.map(text)}
      <Checkbox checked={values.isDefault} onChange={(checked) => form.set('isDefault', checked)}>
        {t('address-make-default')}
      </Checkbox>
      <div class="actions">
        <Button type="submit" look="primary" busy={busy}>
          {t('save')}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </form>
  )
}

function missing(values: Record<string, string | boolean>, old: boolean): Errors {
  const empty = TEXTS.filter(([name, , required]) => required && !String(values[name]).trim())
  const phone = String(values.phone)
  return {
    ...Object.fromEntries(empty.map(([name]) => [name, t('address-missing', { name: t(`address-${name}`) })])),
    ...(!isPhone(phone) && !(old && phone === '') && { phone: t('phone-wrong') }),
  }
}
