/** The list's filters live in the address, so that a view can be kept, shared and gone back to. */
import type { paths } from '../api/schema'

export interface Filters {
  imageNo: string
  state: string
  card: string
  from: string
  to: string
  limit: string
  cursor: string
}

type Query = NonNullable<paths['/v1/photos']['get']['parameters']['query']>

const NAMES = ['imageNo', 'state', 'card', 'from', 'to', 'limit', 'cursor'] as const
export const PAGE_SIZES = ['10', '20', '50']

export function readFilters(query: Record<string, string>): Filters {
  const filters = Object.fromEntries(NAMES.map((name) => [name, query[name] ?? ''])) as unknown as Filters
  if (!PAGE_SIZES.includes(filters.limit)) filters.limit = PAGE_SIZES[0]!
  return filters
}

export function toRequest(filters: Filters): Query {
  const set = NAMES.filter((name) => filters[name] !== '')
  const query = Object.fromEntries(set.map((name) => [name, filters[name]]))
  return { ...query, limit: Number(filters.limit) } as Query
}

export function address(filters: Filters): string {
  const set = NAMES.filter((name) => filters[name] !== '' && !(name === 'limit' && filters.limit === PAGE_SIZES[0]))
  const query = new URLSearchParams(set.map((name) => [name, filters[name]]))
  return query.size > 0 ? `/photos?${query}` : '/photos'
}

export const isNarrowed = ({ imageNo, state, card, from, to }: Filters): boolean =>
  [imageNo, state, card, from, to].some((value) => value !== '')

/** Today and the days before it, as Beijing dates. */
export function lastDays(days: number, now = new Date()): Pick<Filters, 'from' | 'to'> {
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' })
  return { from: date.format(new Date(now.getTime() - (days - 1) * 86_400_000)), to: date.format(now) }
}
