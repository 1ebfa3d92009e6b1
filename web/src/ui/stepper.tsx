import { t } from '../i18n'

/** The steps of a task with the current one marked. `current` is an index of `steps`. */
export function Stepper({ steps, current }: { steps: string[]; current: number }) {
  return (
    <ol class="stepper" aria-label={t('steps')}>
      {steps.map((step, index) => (
        <li
          key={step}
          aria-current={index === current ? 'step' : undefined}
          data-done={index < current ? '' : undefined}
        >
          {step}
        </li>
      ))}
    </ol>
  )
}
