import { t } from '../i18n'

/** Where one is among the steps of a task. */
export function Stepper({ steps, at }: { steps: string[]; at: number }) {
  return (
    <ol class="stepper" aria-label={t('steps')}>
      {steps.map((step, index) => (
        <li key={step} aria-current={index === at ? 'step' : undefined} data-done={index < at ? '' : undefined}>
          {step}
        </li>
      ))}
    </ol>
  )
}
