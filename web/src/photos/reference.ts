/** Photo types, rule sets and regions. They change rarely, so they are fetched once per language. */
import { signal } from '@preact/signals'
import { api, outcome, type Schemas } from '../api/client'
import type { Problem } from '../api/problem'
import { locale } from '../i18n'

export interface Reference {
  types: Schemas['PhotoType'][]
  rulesets: Schemas['Ruleset'][]
  provinces: Schemas['Province'][]
}

export const reference = signal<Reference | undefined>()
export const referenceProblem = signal<Problem | undefined>()

/** Language of the loaded data. */
let language: string | undefined

export async function loadReference(): Promise<void> {
  if (reference.value && language === locale.value) return
  referenceProblem.value = undefined
  const requested = locale.value
  const [types, rulesets, provinces] = await Promise.all([
    outcome(api.GET('/v1/photo-types')),
    outcome(api.GET('/v1/photo-rulesets')),
    outcome(api.GET('/v1/regions')),
  ])
  if (types.ok && rulesets.ok && provinces.ok) {
    language = requested
    reference.value = { types: types.data.items, rulesets: rulesets.data.items, provinces: provinces.data.items }
    return
  }
  for (const result of [types, rulesets, provinces]) {
    if (!result.ok) referenceProblem.value = result.problem
  }
}

export const photoType = (code: string): Schemas['PhotoType'] | undefined =>
  reference.value?.types.find((type) => type.code === code)
