/** The lists the photo pages choose from. Fetched once per language; they change rarely. */
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

let language: string | undefined

export async function loadReference(): Promise<void> {
  if (reference.value && language === locale.value) return
  referenceProblem.value = undefined
  const wanted = locale.value
  const [types, rulesets, provinces] = await Promise.all([
    outcome(api.GET('/v1/photo-types')),
    outcome(api.GET('/v1/photo-rulesets')),
    outcome(api.GET('/v1/regions')),
  ])
  if (types.ok && rulesets.ok && provinces.ok) {
    language = wanted
    reference.value = { types: types.data.items, rulesets: rulesets.data.items, provinces: provinces.data.items }
    return
  }
  for (const answer of [types, rulesets, provinces]) {
    if (!answer.ok) referenceProblem.value = answer.problem
  }
}

export const photoType = (code: string): Schemas['PhotoType'] | undefined =>
  reference.value?.types.find((type) => type.code === code)
