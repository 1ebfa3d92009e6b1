import { useSignal, useSignalEffect } from '@preact/signals'
import { lazy } from 'preact-iso'
import { useRef } from 'preact/hooks'
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

export default function NewPhoto() {
  const panel = useRef<HTMLHeadingElement>(null)
  useSignalEffect(() => {
    void loadReference()
  })
  return (
    <Page title={t('new-photo')} lead={t('new-photo-lead')}>
      <div class="workbench">
        {reference.value ? (
          <UploadForm onSent={() => panel.current?.focus()} />
        ) : referenceProblem.value ? (
          <ProblemNotice problem={referenceProblem.value} retry={() => void loadReference()} />
        ) : (
          <Loading label={t('loading')} />
        )}
        <ResultPanel heading={panel} />
      </div>
    </Page>
  )
}

function UploadForm({ onSent }: { onSent: () => void }) {
  const upload = useUploadForm(onSent)
  const { form, file, seen, problem } = upload
  const camera = useSignal(false)
  const rules = useSignal(false)
  const { values, errors } = form
  const ruleset = reference.value!.rulesets.find((one) => one.code === values.ruleset)
  return (
    <form class="card stack upload-form" noValidate aria-label={t('new-photo')} onSubmit={(e) => void upload.submit(e)}>
      <ErrorSummary errors={errors} refusals={form.refusals} order={FORM_ORDER} />
      {problem.value && <ProblemNotice problem={problem.value} />}
      <ChoiceFields form={form} choose={upload.choose} onRules={() => (rules.value = true)} />
      <FilePicker
        file={file.value}
        look={seen.value}
        error={errors.photo}
        onPick={(files) => void upload.pick(files)}
        onClear={upload.clear}
        onCamera={() => (camera.value = true)}
      />
      {file.value && seen.value && (
        <PrecheckAdvice look={seen.value} type={photoType(values.card)} onShrink={() => void upload.makeSmaller()} />
      )}
      <Captcha
        purpose="upload"
        value={values.captcha}
        error={errors.captcha}
        captchaId={upload.captchaId}
        round={upload.captchaRound}
        onChange={(answer) => form.set('captcha', answer)}
      />
      <div class="actions">
        <Button type="submit" look="primary" icon="upload" busy={upload.busy.value}>
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
