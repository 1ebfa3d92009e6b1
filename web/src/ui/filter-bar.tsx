import type { ComponentChildren } from 'preact'
import { t } from '../i18n'
import { Button, ButtonLink } from './button'
import { Field } from './field'
import { useForm, type Form } from './form'
import { isNarrowed, lastDays, PAGE_SIZES, type Filters, type Listing } from './listing'
import './list.css'

interface Props<N extends string> {
  listing: Listing<N>
  filters: Filters<N>
  onChange: (filters: Filters<N>) => void
  /** The list's own quick choices, beside those of time. */
  chips?: { label: string; sets: Partial<Filters<N>> }[]
  /** The list's own fields. */
  children: (form: Form<Filters<N>>) => ComponentChildren
}

const QUICK = [1, 7, 30]

/** Quick ranges, the list's own fields, dates and page size. Changes start again at the first page. */
export function FilterBar<N extends string>({ listing, filters, onChange, chips = [], children }: Props<N>) {
  const form = useForm(filters)
  return (
    <form
      class="card stack filters"
      role="search"
      aria-label={t('filters')}
      onSubmit={(event) => {
        event.preventDefault()
        onChange({ ...form.values, cursor: '' })
      }}
    >
      <div class="row quick" role="group" aria-label={t('quick')}>
        <span class="muted">{t('quick')}</span>
        {[...QUICK.map((days) => ({ label: t(`quick-${days}`), sets: lastDays(days) })), ...chips].map(({ label, sets }) => {
          const chosen = Object.entries<string>(sets as Record<string, string>)
          const on = chosen.every(([name, value]) => (filters as Record<string, string>)[name] === value)
          const next = on ? Object.fromEntries(chosen.map(([name]) => [name, ''])) : sets
          return (
            <button
              key={label}
              type="button"
              class="chip"
              aria-pressed={on}
              onClick={() => onChange({ ...filters, ...next, cursor: '' })}
            >
              {label}
            </button>
          )
        })}
      </div>
      <details class="filter-more" open={roomy() || isNarrowed(listing, filters)}>
        <summary>{t('filter-more')}</summary>
        <div class="stack">
          <div class="filter-fields">
            {children(form)}
            <CommonFields form={form as unknown as Form<Filters<never>>} />
          </div>
          <div class="actions">
            <Button type="submit" look="primary">
              {t('filter-apply')}
            </Button>
            {isNarrowed(listing, filters) && <ButtonLink href={listing.path}>{t('filter-clear')}</ButtonLink>}
          </div>
        </div>
      </details>
    </form>
  )
}

/** On a phone the fields start folded, so that the list is in sight. */
const roomy = (): boolean => window.matchMedia('(min-width: 40rem)').matches

function CommonFields({ form }: { form: Form<Filters<never>> }) {
  const { values } = form
  return (
    <>
      {(['from', 'to'] as const).map((name) => (
        <Field key={name} name={name} label={t(`filter-${name}`)}>
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
      ))}
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
    </>
  )
}
