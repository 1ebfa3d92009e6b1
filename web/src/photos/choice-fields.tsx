import { useSignal, useSignalEffect } from '@preact/signals'
import { api, outcome } from '../api/client'
import { t } from '../i18n'
import { money, yuan } from '../i18n/format'
import { RadioCards, Select } from '../ui/choice'
import { Field, FieldGroup, fieldId } from '../ui/field'
import type { Form } from '../ui/form'
import { photoType, reference } from './reference'
import { finishedCount } from './submission'
import type { UploadValues } from './use-upload-form'

interface Props {
  form: Form<UploadValues>
  choose: <K extends keyof UploadValues>(name: K, value: UploadValues[K]) => void
  onRules: () => void
}

const toOptions = (list: { code: string; name: string }[]) =>
  list.map(({ code, name }) => ({ value: code, label: name }))

/** Rule set, photo type, region and payment method of an upload. */
export function ChoiceFields({ form, choose, onRules }: Props) {
  const { rulesets, types } = reference.value!
  const { values, errors } = form
  const type = photoType(values.card)
  const typeHint =
    type && t('card-hint', { width: type.widthPx, height: type.heightPx, kb: Math.round(type.minBytes / 1024) })
  return (
    <>
      <Field
        name="ruleset"
        label={t('ruleset')}
        error={errors.ruleset}
        required
        aside={
          <button type="button" class="link-button" onClick={onRules}>
            {t('ruleset-help')}
          </button>
        }
      >
        {(control) => (
          <Select
            control={control}
            value={values.ruleset}
            options={toOptions(rulesets)}
            prompt={t('choose')}
            onChange={(value) => choose('ruleset', value)}
          />
        )}
      </Field>
      <Field
        name="card"
        label={t('card')}
        error={errors.card}
        hint={typeHint}
        required
        aside={
          <a class="small" href="/photos/guide">
            {t('standards')}
          </a>
        }
      >
        {(control) => (
          <Select
            control={control}
            value={values.card}
            options={toOptions(types)}
            prompt={t('choose')}
            onChange={(value) => choose('card', value)}
          />
        )}
      </Field>
      <RegionFields form={form} choose={choose} />
      <PaymentMethods form={form} choose={choose} />
      {type && type.feeFen > 0 && <p class="field-hint fee-hint">{t('fee-hint', { yuan: yuan(type.feeFen) })}</p>}
    </>
  )
}

function RegionFields({ form, choose }: Omit<Props, 'onRules'>) {
  const { provinces } = reference.value!
  const { values, errors } = form
  const cities = provinces.find((province) => province.name === values.province)?.cities ?? []
  const control = (part: 'province' | 'city') => ({
    id: `${fieldId('region')}-${part}`,
    name: part,
    'aria-describedby': undefined,
    'aria-invalid': errors.region ? (true as const) : undefined,
    'aria-required': true as const,
  })
  function chooseProvince(name: string) {
    const provinceCities = provinces.find((one) => one.name === name)?.cities ?? []
    choose('province', name)
    choose('city', provinceCities.length === 1 ? provinceCities[0]! : '')
  }
  return (
    <FieldGroup name="region" legend={t('region')} error={errors.region} required>
      <div class="region">
        <div class="region-part">
          <label class="visually-hidden" for={control('province').id}>
            {t('province')}
          </label>
          <Select
            control={control('province')}
            value={values.province}
            options={provinces.map(({ name }) => ({ value: name, label: name }))}
            prompt={t('province')}
            onChange={chooseProvince}
          />
        </div>
        <div class="region-part">
          <label class="visually-hidden" for={control('city').id}>
            {t('city')}
          </label>
          <Select
            control={control('city')}
            value={values.city}
            options={cities.map((name) => ({ value: name, label: name }))}
            prompt={t('city')}
            disabled={cities.length === 0}
            onChange={(name) => choose('city', name)}
          />
        </div>
      </div>
    </FieldGroup>
  )
}

function PaymentMethods({ form, choose }: Omit<Props, 'onRules'>) {
  const balance = useSignal<number | undefined>(undefined)
  useSignalEffect(() => {
    void finishedCount.value
    void outcome(api.GET('/v1/wallet')).then((wallet) => {
      if (wallet.ok) balance.value = wallet.data.availableFen
    })
  })
  const amount = balance.value === undefined ? undefined : money(balance.value)
  return (
    <FieldGroup name="paymentMethod" legend={t('payment')} error={form.errors.paymentMethod} required>
      <RadioCards
        name="paymentMethod"
        value={form.values.paymentMethod}
        options={[
          { value: 'balance', label: t('payment-balance'), note: amount },
          { value: 'alipay', label: t('payment-alipay') },
          { value: 'wechat', label: t('payment-wechat') },
        ]}
        onChange={(value) => choose('paymentMethod', value as UploadValues['paymentMethod'])}
      />
    </FieldGroup>
  )
}
