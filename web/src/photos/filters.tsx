import { t } from '../i18n'
import { Button, ButtonLink } from '../ui/button'
import { Select } from '../ui/choice'
import { Field } from '../ui/field'
import { useForm } from '../ui/form'
import { isNarrowed, lastDays, PAGE_SIZES, type Filters } from './filters-in-url'
import { reference } from './reference'

interface Props {
  filters: Filters
  onChange: (filters: Filters) => void
}

const STATES = ['passed', 'failed', 'timed-out', 'unreadable', 'inspecting'] as const
const QUICK = [1, 7, 30]

export function PhotoFilters({ filters, onChange }: Props) {
  const form = useForm(filters)
  const { values } = form
  const date = (name: 'from' | 'to') => (
    <Field name={name} label={t(`filter-${name}`)}>
      {(control) => (
        <input
          {...control}
          class="control figures"
          type="date"
          value={values[name]}
          onInput={(event) => form.set(name, event.currentTarget.value)}
        />
      )}
    </Field>
  )

  return (
    <form
      class="card stack filters"
      role="search"
      aria-label={t('filters')}
      onSubmit={(event) => {
        event.preventDefault()
        onChange({ ...values, imageNo: values.imageNo.trim().toUpperCase(), cursor: '' })
      }}
    >
      <div class="row quick" role="group" aria-label={t('quick')}>
        <span class="muted">{t('quick')}</span>
        {QUICK.map((days) => {
          const span = lastDays(days)
          const on = filters.from === span.from && filters.to === span.to
          return (
            <button
              key={days}
              type="button"
              class="chip"
              aria-pressed={on}
              onClick={() => onChange({ ...filters, ...(on ? { from: '', to: '' } : span), cursor: '' })}
            >
              {t(`quick-${days}`)}
            </button>
          )
        })}
      </div>
      <div class="filter-fields">
        <Field name="imageNo" label={t('image-no')}>
          {(control) => (
            <input
              {...control}
              class="control figures"
              value={values.imageNo}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => form.set('imageNo', event.currentTarget.value)}
            />
          )}
        </Field>
        <Field name="state" label={t('state')}>
          {(control) => (
            <Select
              control={control}
              value={values.state}
              prompt={t('any')}
              options={STATES.map((state) => ({ value: state, label: t(`state-${state}`) }))}
              onChange={(state) => form.set('state', state)}
            />
          )}
        </Field>
        <Field name="card" label={t('card')}>
          {(control) => (
            <Select
              control={control}
              value={values.card}
              prompt={t('any')}
              options={(reference.value?.types ?? []).map(({ code, name }) => ({ value: code, label: name }))}
              onChange={(card) => form.set('card', card)}
            />
          )}
        </Field>
        {date('from')}
        {date('to')}
        <Field name="limit" label={t('page-size')}>
          {(control) => (
            <select
              {...control}
              class="control"
              value={values.limit}
              onChange={(event) => form.set('limit', event.currentTarget.value)}
            >
              {PAGE_SIZES.map((size) => (
                <option key={size} value={size}>
                  {size}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <div class="actions">
        <Button type="submit" look="primary">
          {t('filter-apply')}
        </Button>
        {isNarrowed(filters) && <ButtonLink href="/photos">{t('filter-clear')}</ButtonLink>}
      </div>
    </form>
  )
}
