/** What the upload form knows and does: values, the chosen file, the pre-check, and sending it all. */
import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { Schemas } from '../api/client'
import { freshKey } from '../api/key'
import { fieldErrors, NETWORK, type Problem } from '../api/problem'
import { t } from '../i18n'
import { useForm, type Errors } from '../ui/form'
import { keep, recall, type Choices } from './draft'
import { look, type Look } from './precheck'
import { photoType } from './reference'
import { shrink } from './shrink'
import { begin, reserve } from './submission'

export interface Values extends Choices {
  captcha: string
}

export const FORM_ORDER = ['ruleset', 'card', 'region', 'paymentMethod', 'photo', 'captcha']

/** Fields of the request that the person sees as one: the photo. */
const PHOTO_FIELDS = ['fileName', 'contentType', 'bytes']

export function useUploadForm(onSent: () => void) {
  const form = useForm<Values>({ ...recall(), captcha: '' })
  const file = useSignal<File | undefined>(undefined)
  const seen = useSignal<Look | undefined>(undefined)
  const busy = useSignal(false)
  const problem = useSignal<Problem | undefined>(undefined)
  const captchaId = useSignal('')
  const captchaRound = useSignal(0)
  const attempt = useRef<{ print: string; key: string } | undefined>(undefined)

  function choose<K extends keyof Values>(name: K, value: Values[K]) {
    form.set(name, value)
    keep({ ...form.values, [name]: value })
    if (name === 'card' && file.value) void pick([file.value])
  }

  async function pick(files: File[]) {
    const [first] = files
    if (files.length > 1) return form.refuse({ photo: t('photo-one') })
    const look_ = await look(first!, photoType(form.values.card))
    seen.value = look_
    file.value = look_.obstacle && look_.obstacle !== 'too-big' ? undefined : first
    if (look_.obstacle && look_.obstacle !== 'too-big') form.refuse({ photo: t(`photo-${look_.obstacle}`) })
    else form.accept()
  }

  async function makeSmaller() {
    if (!file.value) return
    const smaller = await shrink(file.value)
    if (smaller) await pick([smaller])
    else form.refuse({ photo: t('photo-too-big') })
  }

  function clear() {
    file.value = undefined
    seen.value = undefined
  }

  /** A lost answer is repeated under the same key; anything else that changed makes a new request. */
  function keyFor(body: Schemas['NewPhoto']): string {
    const print = JSON.stringify(body)
    if (attempt.current?.print !== print) attempt.current = { print, key: freshKey() }
    return attempt.current.key
  }

  async function submit(event: Event) {
    event.preventDefault()
    if (busy.value) return
    problem.value = undefined
    const missing = required(form.values, file.value, seen.value)
    if (Object.keys(missing).length > 0) return form.refuse(missing)
    form.accept()
    busy.value = true
    const chosen = file.value!
    const body = request(form.values, chosen, captchaId.value)
    const made = await reserve(body, keyFor(body))
    busy.value = false
    if (made.ok) {
      begin(made.data, chosen)
      clear()
      renewCaptcha()
      onSent()
    } else refused(made.problem)
  }

  function refused(found: Problem) {
    if (found.code !== NETWORK) renewCaptcha()
    const errors = fieldErrors(found)
    for (const field of PHOTO_FIELDS) {
      if (errors[field]) errors.photo ??= errors[field]
      delete errors[field]
    }
    if (Object.keys(errors).length > 0) form.refuse(errors)
    else problem.value = found
  }

  function renewCaptcha() {
    form.set('captcha', '')
    captchaRound.value += 1
    attempt.current = undefined
  }

  return { form, file, seen, busy, problem, captchaId, captchaRound, choose, pick, makeSmaller, clear, submit }
}

function request(values: Values, file: File, captchaId: string): Schemas['NewPhoto'] {
  return {
    card: values.card,
    ruleset: values.ruleset,
    region: { province: values.province, city: values.city },
    paymentMethod: values.paymentMethod,
    fileName: file.name,
    contentType: 'image/jpeg',
    bytes: file.size,
    captcha: { captchaId, answer: values.captcha.trim() },
  }
}

function required(values: Values, file: File | undefined, seen: Look | undefined): Errors {
  const missing: Errors = {}
  if (!values.ruleset) missing.ruleset = t('ruleset-missing')
  if (!values.card) missing.card = t('card-missing')
  if (!values.city) missing.region = t('region-missing')
  if (!file) missing.photo = t('photo-missing')
  else if (seen?.obstacle) missing.photo = t(`photo-${seen.obstacle}`)
  if (!values.captcha.trim()) missing.captcha = t('captcha-missing')
  return missing
}
