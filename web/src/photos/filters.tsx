import { t } from '../i18n'
import { Select } from '../ui/choice'
import { Field } from '../ui/field'
import type { Form } from '../ui/form'
import type { Filters } from '../ui/listing'
import { reference } from './reference'

export const PHOTOS = { path: '/photos', names: ['imageNo', 'state', 'paid', 'card'] as const }
export type PhotoFilterName = (typeof PHOTOS.names)[number]

/** 待支付: passed photos that are not paid yet. */
export const unpaidChip = () => ({ label: t('quick-unpaid'), sets: { state: 'passed', paid: 'false' } })

const STATES = ['passed', 'failed', 'timed-out', 'unreadable', 'inspecting'] as const

export function PhotoFilterFields({ form }: { form: Form<Filters<PhotoFilterName>> }) {
  const { values } = form
  const states = STATES.map((state) => ({ value: state, label: t(`state-${state}`) }))
  const cards = (reference.value?.types ?? []).map(({ code, name }) => ({ value: code, label: name }))
  const choice = (name: 'state' | 'paid' | 'card', options: { value: string; label: string }[]) => (
    <Field name={name} label={t(name)}>
      {(control) => (
        <Select
          control={control}
          value={values[name]}
          prompt={t('any')}
          options={options}
          onChange={(value) => form.set(name, value)}
        />
      )}
    </Field>
  )
  return (
    <>
      <Field name="imageNo" label={t('image-no')}>
        {(control) => (
          <input
            {...control}
            class="control figures"
            value={values.imageNo}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => form.set('imageNo', event.currentTarget.value.trim().toUpperCase())}
          />
        )}
      </Field>
      {choice('state', states)}
      {choice('paid', [
        { value: 'true', label: t('paid-true') },
        { value: 'false', label: t('paid-false') },
      ])}
      {choice('card', cards)}
    </>
  )
}
