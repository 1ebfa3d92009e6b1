import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Schemas } from '../api/client'
import { t } from '../i18n'
import { Stepper } from '../ui/stepper'
import { AccountLayout } from './account-layout'
import { StepUp } from './step-up'

/** What the form of a change gets from its flow. */
export interface ChangeProps {
  /** Proof of the step-up; the change sends it to the service, which accepts it once. */
  stepUpToken: string
  onDone: () => void
  /** Returns to the step-up, for a token that was used or has expired. */
  onRestart: () => void
}

interface Props {
  title: string
  purpose: Schemas['NewStepUp']['purpose']
  /** Title of the second step, the change itself. */
  changeTitle: string
  /** Title of the third step, the confirmation. */
  doneTitle?: string
  change: (props: ChangeProps) => ComponentChildren
  done: ComponentChildren
}

/** 验证身份, the change, 完成: the three steps in which password, phone and e-mail address are changed. */
export function StepUpFlow({ title, purpose, changeTitle, doneTitle = t('step-done'), change, done }: Props) {
  const step = useSignal(0)
  const stepUpToken = useSignal('')
  const heading = useRef<HTMLHeadingElement>(null)
  const steps = [t('step-up'), changeTitle, doneTitle]
  useEffect(() => {
    if (step.value > 0) heading.current?.focus()
  }, [step.value])
  return (
    <AccountLayout title={title}>
      <Stepper steps={steps} current={step.value} />
      <h2 ref={heading} tabIndex={-1}>
        {steps[step.value]}
      </h2>
      {step.value === 0 && (
        <StepUp
          purpose={purpose}
          onVerified={(token) => {
            stepUpToken.value = token
            step.value = 1
          }}
        />
      )}
      {step.value === 1 &&
        change({
          stepUpToken: stepUpToken.value,
          onDone: () => (step.value = 2),
          onRestart: () => (step.value = 0),
        })}
      {step.value === 2 && done}
    </AccountLayout>
  )
}
