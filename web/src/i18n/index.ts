/**
 * Texts live in Fluent catalogues, one folder per locale and one file per area of the site. An area's catalogue
 * travels with its lazy route, so the first load carries only the shell.
 */
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle'
import { computed, signal } from '@preact/signals'
import shellZh from './zh-CN/shell.ftl?raw'

export const LOCALES = { 'zh-CN': '简体中文', en: 'English' } as const
export type Locale = keyof typeof LOCALES
export type Area = 'shell' | 'photos' | 'account' | 'me' | 'invoices'

const REMEMBERED = 'locale'
const catalogues = import.meta.glob<string>('./*/*.ftl', { query: '?raw', import: 'default' })
const loaded = new Map<string, FluentResource>([['zh-CN/shell', new FluentResource(shellZh)]])
const areas = signal<Area[]>(['shell'])

export const locale = signal<Locale>('zh-CN')

const bundle = computed(() => {
  // Isolation marks would end up in file names and in text that people copy.
  const made = new FluentBundle(locale.value, { useIsolating: false })
  for (const area of areas.value) {
    const resource = loaded.get(`${locale.value}/${area}`)
    if (resource) made.addResource(resource, { allowOverrides: true })
  }
  return made
})

async function load(wanted: Locale, area: Area): Promise<void> {
  const name = `${wanted}/${area}`
  if (loaded.has(name)) return
  const text = await catalogues[`./${name}.ftl`]?.()
  if (text === undefined) throw new Error(`no catalogue ${name}`)
  loaded.set(name, new FluentResource(text))
}

/** Makes an area's texts available; lazy routes wait for it before they render. */
export async function loadArea(area: Area): Promise<void> {
  await load(locale.value, area)
  if (!areas.value.includes(area)) areas.value = [...areas.value, area]
}

export async function setLocale(wanted: Locale): Promise<void> {
  await Promise.all(areas.value.map((area) => load(wanted, area)))
  locale.value = wanted
  document.documentElement.lang = wanted
  localStorage.setItem(REMEMBERED, wanted)
}

/** Chinese unless this browser chose otherwise before, or the address asks (`?lang=en`). */
export async function startLocale(): Promise<void> {
  const asked = new URLSearchParams(window.location.search).get('lang') ?? localStorage.getItem(REMEMBERED)
  if (asked && asked in LOCALES && asked !== locale.value) await setLocale(asked as Locale)
  else document.documentElement.lang = locale.value
}

export type Variables = Record<string, FluentVariable>

/** The text of a key in the current locale; `undefined` when the catalogue has none. */
export function maybe(key: string, variables?: Variables): string | undefined {
  const message = bundle.value.getMessage(key)
  return message?.value ? bundle.value.formatPattern(message.value, variables) : undefined
}

/** The text of a key in the current locale. A missing key shows as itself: tests refuse that. */
export function t(key: string, variables?: Variables): string {
  return maybe(key, variables) ?? key
}
