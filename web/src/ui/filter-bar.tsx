import type { ComponentChildren } from 'preact'
import { t } from '../i18n'
import { Button, ButtonLink } from './button'
import { Field } from './field'
import { type Form, useForm } from './form'
import { type Filters, hasActiveFilters, type Listing, lastDays, PAGE_SIZES } from './listing'
import './list.css'

interface Props<N extends string> {
  listing: Listing<N>
  filters: Filters<N>
  onChange: (filters: Filters<N>) => void
  /** Further quick filters beside the date ranges. */
  chips?: { label: string; sets: Partial<Filters<N>> }[]
  /** The fields of this list; dates and page size follow them. */
  children: (form: Form<Filters<N>>) => ComponentChildren
}

/** Date ranges of the quick filters, in days. */
const QUICK_DAYS = [1, 7, 30]

/** Quick filters and filter fields of a list. Every change returns to the first page. */
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
        {[...QUICK_DAYS.map((days) => ({ label: t(`quick-${days}`), sets: lastDays(days) })), ...chips].map(
          ({ label, sets }) => {
            const entries = Object.entries<string>(sets as Record<string, string>)
            const active = entries.every(([name, value]) => (filters as Record<string, string>)[name] === value)
            const next = active ? Object.fromEntries(entries.map(([name]) => [name, ''])) : sets
            return (
              <button
                key={label}
                type="button"
                class="chip"
                aria-pressed={active}
                onClick={() => onChange({ ...filters, ...next, cursor: '' })}
              >
                {label}
              </button>
            )
          },
        )}
      </div>
      <details class="filter-more" open={isWideScreen() || hasActiveFilters(listing, filters)}>
        <summary>{t('filter-more')}</summary>
        <div class="stack">
          <div class="filter-fields">
            {children(form)}
            <CommonFields form={form as unknown as Form<Filters<never>>} />
          </div>
          <div class="actions">
            <Button type="submit" variant="primary">
              {t('filter-apply')}
            </Button>
            {hasActiveFilters(listing, filters) && <ButtonLink href={listing.path}>{t('filter-clear')}</ButtonLink>}
          </div>
        </div>
      </details>
    </form>
  )
}

/** On narrow screens the fields start collapsed, so that the list is visible. */
const isWideScreen = (): boolean => window.matchMedia('(min-width: 40rem)').matches

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
