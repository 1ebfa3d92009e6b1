/**
 * Texts come from Fluent catalogues, one folder per locale and one file per area of the site. The catalogue of an area
 * is loaded with its lazy route, so the first load contains only the shell's.
 */
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle'
import { computed, signal } from '@preact/signals'
import shellZh from './zh-CN/shell.ftl?raw'

export const LOCALES = { 'zh-CN': '简体中文', en: 'English' } as const
export type Locale = keyof typeof LOCALES
export type Area = 'shell' | 'photos' | 'account' | 'me' | 'invoices'

const STORAGE_KEY = 'locale'
const catalogues = import.meta.glob<string>('./*/*.ftl', { query: '?raw', import: 'default' })
const loaded = new Map<string, FluentResource>([['zh-CN/shell', new FluentResource(shellZh)]])
const areas = signal<Area[]>(['shell'])

export const locale = signal<Locale>('zh-CN')

const bundle = computed(() => {
  // Isolation marks would be copied with the text and end up in file names.
  const result = new FluentBundle(locale.value, { useIsolating: false })
  for (const area of areas.value) {
    const resource = loaded.get(`${locale.value}/${area}`)
    if (resource) result.addResource(resource, { allowOverrides: true })
  }
  return result
})

async function load(requested: Locale, area: Area): Promise<void> {
  const name = `${requested}/${area}`
  if (loaded.has(name)) return
  const text = await catalogues[`./${name}.ftl`]?.()
  if (text === undefined) throw new Error(`no catalogue ${name}`)
  loaded.set(name, new FluentResource(text))
}

/** Loads the texts of an area. Lazy routes wait for it before they render. */
export async function loadArea(area: Area): Promise<void> {
  await load(locale.value, area)
  if (!areas.value.includes(area)) areas.value = [...areas.value, area]
}

/** Switches the language after loading its texts, and saves the choice in this browser. */
export async function setLocale(requested: Locale): Promise<void> {
  await Promise.all(areas.value.map((area) => load(requested, area)))
  locale.value = requested
  document.documentElement.lang = requested
  localStorage.setItem(STORAGE_KEY, requested)
}

/** Applies the language from `?lang=`, else the saved one, else Chinese. */
export async function startLocale(): Promise<void> {
  const requested = new URLSearchParams(window.location.search).get('lang') ?? localStorage.getItem(STORAGE_KEY)
  if (requested && requested in LOCALES && requested !== locale.value) await setLocale(requested as Locale)
  else document.documentElement.lang = locale.value
}

export type Variables = Record<string, FluentVariable>

/** The text of a key in the current language; `undefined` when no loaded catalogue has it. */
export function maybe(key: string, variables?: Variables): string | undefined {
  const message = bundle.value.getMessage(key)
  return message?.value ? bundle.value.formatPattern(message.value, variables) : undefined
}

/** The text of a key in the current language. A missing key is returned as it is; the catalogue tests prevent that. */
export function t(key: string, variables?: Variables): string {
  return maybe(key, variables) ?? key
}
