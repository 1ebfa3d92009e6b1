/** Filters of a list live in the address, so that a view can be kept, shared and gone back to. */

export const PAGE_SIZES = ['10', '20', '50']

/** What every list has besides its own filters. */
const COMMON = ['from', 'to', 'limit', 'cursor'] as const

export type Filters<N extends string> = Record<N | (typeof COMMON)[number], string>

export interface Listing<N extends string> {
  path: string
  /** The list's own filters. */
  names: readonly N[]
}

const all = <N extends string>({ names }: Listing<N>) => [...names, ...COMMON]

export function readFilters<N extends string>(listing: Listing<N>, query: Record<string, string>): Filters<N> {
  const filters = Object.fromEntries(all(listing).map((name) => [name, query[name] ?? ''])) as Filters<string>
  if (!PAGE_SIZES.includes(filters.limit!)) filters.limit = PAGE_SIZES[0]!
  return filters as Filters<N>
}

export function address<N extends string>(listing: Listing<N>, filters: Filters<N>): string {
  const values = filters as Filters<string>
  const set = all(listing).filter((name) => values[name] !== '' && !(name === 'limit' && values.limit === PAGE_SIZES[0]))
  const query = new URLSearchParams(set.map((name) => [name, values[name]!]))
  return query.size > 0 ? `${listing.path}?${query}` : listing.path
}

/** The query of the request: what is set, with the page size as a number. */
export function toRequest<N extends string>(listing: Listing<N>, filters: Filters<N>): Record<string, string | number> {
  const values = filters as Filters<string>
  const set = all(listing).filter((name) => values[name] !== '')
  return { ...Object.fromEntries(set.map((name) => [name, values[name]!])), limit: Number(values.limit) }
}

export function isNarrowed<N extends string>(listing: Listing<N>, filters: Filters<N>): boolean {
  return [...listing.names, 'from', 'to'].some((name) => (filters as Filters<string>)[name] !== '')
}

/** Today and the days before it, as Beijing dates. */
export function lastDays(days: number, now = new Date()): { from: string; to: string } {
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' })
  return { from: date.format(new Date(now.getTime() - (days - 1) * 86_400_000)), to: date.format(now) }
}
