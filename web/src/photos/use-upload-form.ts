/** State and actions of the upload form: values, file, pre-check and submit. */
import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { Schemas } from '../api/client'
import { fieldErrors, NETWORK, type Problem } from '../api/problem'
import { randomId } from '../api/random-id'
import { t } from '../i18n'
import { type Errors, useForm } from '../ui/form'
import { useCaptcha } from '../ui/use-captcha'
import { type PrecheckResult, precheck } from './precheck'
import { photoType } from './reference'
import { type Choices, loadChoices, saveChoices } from './saved-choices'
import { shrink } from './shrink'
import { createPhoto, startSubmission } from './submission'

export interface UploadValues extends Choices {
  captcha: string
}

export const FORM_ORDER = ['ruleset', 'card', 'region', 'paymentMethod', 'photo', 'captcha']

/** Fields of the request whose errors belong to the photo field of the form. */
const PHOTO_FIELDS = ['fileName', 'contentType', 'bytes']

export function useUploadForm(onSent: () => void) {
  const form = useForm<UploadValues>({ ...loadChoices(), captcha: '' })
  const file = useSignal<File | undefined>(undefined)
  const result = useSignal<PrecheckResult | undefined>(undefined)
  const busy = useSignal(false)
  const problem = useSignal<Problem | undefined>(undefined)
  const captcha = useCaptcha(form, 'upload')
  const attempt = useRef<{ fingerprint: string; key: string } | undefined>(undefined)

  function choose<K extends keyof UploadValues>(name: K, value: UploadValues[K]) {
    form.set(name, value)
    saveChoices({ ...form.values, [name]: value })
    if (name === 'card' && file.value) void pick([file.value])
  }

  async function pick(files: File[]) {
    const [first] = files
    if (files.length > 1) return form.setErrors({ photo: t('photo-one') })
    const found = await precheck(first!, photoType(form.values.card))
    result.value = found
    // A photo that is too big stays: the form offers to shrink it.
    const unusable = found.obstacle !== undefined && found.obstacle !== 'too-big'
    file.value = unusable ? undefined : first
    if (unusable) form.setErrors({ photo: t(`photo-${found.obstacle}`) })
    else form.clearErrors()
  }

  async function shrinkFile() {
    if (!file.value) return
    const smaller = await shrink(file.value)
    if (smaller) await pick([smaller])
    else form.setErrors({ photo: t('photo-too-big') })
  }

  function clear() {
    file.value = undefined
    result.value = undefined
  }

  /** The idempotency key of a request: the same for an unchanged repetition, new after any change. */
  function keyFor(body: Schemas['NewPhoto']): string {
    const fingerprint = JSON.stringify(body)
    if (attempt.current?.fingerprint !== fingerprint) attempt.current = { fingerprint, key: randomId() }
    return attempt.current.key
  }

  async function submit(event: Event) {
    event.preventDefault()
    if (busy.value) return
    problem.value = undefined
    const errors = { ...uploadErrors(form.values, file.value, result.value), ...captcha.errors() }
    if (Object.keys(errors).length > 0) return form.setErrors(errors)
    form.clearErrors()
    busy.value = true
    const chosen = file.value!
    const body = toRequest(form.values, chosen, captcha.answer())
    const created = await createPhoto(body, keyFor(body))
    busy.value = false
    if (created.ok) {
      startSubmission(created.data, chosen)
      clear()
      renewCaptcha()
      onSent()
    } else showProblem(created.problem)
  }

  function showProblem(found: Problem) {
    // Without a response the captcha may be unused, and the repeated request must have the same key.
    if (found.code !== NETWORK) renewCaptcha()
    const errors = fieldErrors(found)
    for (const field of PHOTO_FIELDS) {
      if (errors[field]) errors.photo ??= errors[field]
      delete errors[field]
    }
    if (Object.keys(errors).length > 0) form.setErrors(errors)
    else problem.value = found
  }

  function renewCaptcha() {
    captcha.renew()
    attempt.current = undefined
  }

  return { form, file, precheck: result, busy, problem, captcha, choose, pick, shrinkFile, clear, submit }
}

function toRequest(values: UploadValues, file: File, captcha: Schemas['CaptchaAnswer']): Schemas['NewPhoto'] {
  return {
    card: values.card,
    ruleset: values.ruleset,
    region: { province: values.province, city: values.city },
    paymentMethod: values.paymentMethod,
    fileName: file.name,
    contentType: 'image/jpeg',
    bytes: file.size,
    captcha,
  }
}

function uploadErrors(values: UploadValues, file: File | undefined, result: PrecheckResult | undefined): Errors {
  const errors: Errors = {}
  if (!values.ruleset) errors.ruleset = t('ruleset-missing')
  if (!values.card) errors.card = t('card-missing')
  if (!values.city) errors.region = t('region-missing')
  if (!file) errors.photo = t('photo-missing')
  else if (result?.obstacle) errors.photo = t(`photo-${result.obstacle}`)
  return errors
}
