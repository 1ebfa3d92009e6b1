import { useSignal, useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { lazy } from 'preact-iso'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { Captcha } from '../ui/captcha'
import { Dialog } from '../ui/dialog'
import { Loading } from '../ui/empty-state'
import { ErrorSummary } from '../ui/error-summary'
import { ProblemNotice } from '../ui/notice'
import { Page } from '../ui/page'
import { ChoiceFields } from './choice-fields'
import { FilePicker } from './file-picker'
import { PrecheckAdvice } from './precheck-advice'
import { loadReference, photoType, reference, referenceProblem } from './reference'
import { ResultPanel } from './result-panel'
import { FORM_ORDER, useUploadForm } from './use-upload-form'
import './upload.css'

const Camera = lazy(() => import('./camera'))

/** 相片上传: the form, and beside it the results of the photos sent during this visit. */
export default function NewPhoto() {
  const resultHeading = useRef<HTMLHeadingElement>(null)
  useSignalEffect(() => {
    void loadReference()
  })
  return (
    <Page title={t('new-photo')} lead={t('new-photo-lead')}>
      <div class="upload-layout">
        {reference.value ? (
          <UploadForm onSent={() => resultHeading.current?.focus()} />
        ) : referenceProblem.value ? (
          <ProblemNotice problem={referenceProblem.value} retry={() => void loadReference()} />
        ) : (
          <Loading label={t('loading')} />
        )}
        <ResultPanel heading={resultHeading} />
      </div>
    </Page>
  )
}

function UploadForm({ onSent }: { onSent: () => void }) {
  const upload = useUploadForm(onSent)
  const { form, file, precheck, problem } = upload
  const camera = useSignal(false)
  const rules = useSignal(false)
  const { values, errors } = form
  const ruleset = reference.value!.rulesets.find((one) => one.code === values.ruleset)
  return (
    <form class="card stack upload-form" noValidate aria-label={t('new-photo')} onSubmit={(e) => void upload.submit(e)}>
      <ErrorSummary form={form} order={FORM_ORDER} problem={problem.value} />
      <ChoiceFields form={form} choose={upload.choose} onRules={() => (rules.value = true)} />
      <FilePicker
        file={file.value}
        precheck={precheck.value}
        error={errors.photo}
        onPick={(files) => void upload.pick(files)}
        onClear={upload.clear}
        onCamera={() => (camera.value = true)}
      />
      {file.value && precheck.value && (
        <PrecheckAdvice
          result={precheck.value}
          type={photoType(values.card)}
          onShrink={() => void upload.shrinkFile()}
        />
      )}
      <Captcha {...upload.captcha.field} />
      <div class="actions">
        <Button type="submit" variant="primary" icon="upload" busy={upload.busy.value}>
          {t('upload')}
        </Button>
        <a href="/photos/guide">{t('guide')}</a>
      </div>
      {camera.value && (
        <Camera
          onClose={() => (camera.value = false)}
          onShot={(shot) => {
            camera.value = false
            void upload.pick([shot])
          }}
        />
      )}
      {rules.value && (
        <Dialog title={t('ruleset')} onClose={() => (rules.value = false)}>
          <div class="stack">
            {reference.value!.rulesets.map((one) => (
              <section key={one.code} aria-current={one === ruleset || undefined}>
                <h3>{one.name}</h3>
                <p>{one.help}</p>
              </section>
            ))}
          </div>
        </Dialog>
      )}
    </form>
  )
}
