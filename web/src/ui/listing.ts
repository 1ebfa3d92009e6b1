/**
 * The filters of a list are in the page's URL, so that a filtered view can be bookmarked and reached by the back
 * button.
 */

export const PAGE_SIZES = ['10', '20', '50']

/** Filters that every list has. */
const COMMON = ['from', 'to', 'limit', 'cursor'] as const

export type Filters<N extends string> = Record<N | (typeof COMMON)[number], string>

export interface Listing<N extends string> {
  /** Path of the list's page. */
  path: string
  /** Names of the list's further filters. */
  names: readonly N[]
}

const filterNames = <N extends string>({ names }: Listing<N>) => [...names, ...COMMON]

/** Filters from the query of the page's URL. */
export function readFilters<N extends string>(listing: Listing<N>, query: Record<string, string>): Filters<N> {
  const filters = Object.fromEntries(filterNames(listing).map((name) => [name, query[name] ?? ''])) as Filters<string>
  if (!PAGE_SIZES.includes(filters.limit!)) filters.limit = PAGE_SIZES[0]!
  return filters as Filters<N>
}

/** URL of the list with its filters; empty filters and the default page size are left out. */
export function listUrl<N extends string>(listing: Listing<N>, filters: Filters<N>): string {
  const values = filters as Filters<string>
  const set = filterNames(listing).filter(
    (name) => values[name] !== '' && !(name === 'limit' && values.limit === PAGE_SIZES[0]),
  )
  const query = new URLSearchParams(set.map((name) => [name, values[name]!]))
  return query.size > 0 ? `${listing.path}?${query}` : listing.path
}

/** Query of the request: the filters that are set, with the page size as a number. */
export function toRequest<N extends string>(listing: Listing<N>, filters: Filters<N>): Record<string, string | number> {
  const values = filters as Filters<string>
  const set = filterNames(listing).filter((name) => values[name] !== '')
  return { ...Object.fromEntries(set.map((name) => [name, values[name]!])), limit: Number(values.limit) }
}

/** Whether any filter is set; page size and cursor do not count. */
export function hasActiveFilters<N extends string>(listing: Listing<N>, filters: Filters<N>): boolean {
  return [...listing.names, 'from', 'to'].some((name) => (filters as Filters<string>)[name] !== '')
}

/** First and last date of the last `days` days including today, in Beijing time. */
export function lastDays(days: number, now = new Date()): { from: string; to: string } {
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' })
  return { from: date.format(new Date(now.getTime() - (days - 1) * 86_400_000)), to: date.format(now) }
}
