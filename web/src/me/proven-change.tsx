import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Schemas } from '../api/client'
import { t } from '../i18n'
import { Stepper } from '../ui/stepper'
import { MeFrame } from './frame'
import { StepUp } from './step-up'

interface Props {
  title: string
  purpose: Schemas['NewStepUp']['purpose']
  /** The name of the second step. */
  step: string
  /** The name of the third step. */
  last?: string
  /** The second step's form; `again` leads back to the first step, for a proof that was used up. */
  change: (stepUpToken: string, done: () => void, again: () => void) => ComponentChildren
  done: ComponentChildren
}

/** 验证身份, the change itself, 完成: how password, phone and e-mail are changed. */
export function ProvenChange({ title, purpose, step, last = t('step-done'), change, done }: Props) {
  const at = useSignal(0)
  const token = useSignal('')
  const heading = useRef<HTMLHeadingElement>(null)
  const steps = [t('step-up'), step, last]
  useEffect(() => {
    if (at.value > 0) heading.current?.focus()
  }, [at.value])
  return (
    <MeFrame title={title}>
      <Stepper steps={steps} at={at.value} />
      <h2 ref={heading} tabIndex={-1}>
        {steps[at.value]}
      </h2>
      {at.value === 0 && (
        <StepUp
          purpose={purpose}
          onProven={(proven) => {
            token.value = proven
            at.value = 1
          }}
        />
      )}
      {at.value === 1 &&
        change(
          token.value,
          () => (at.value = 2),
          () => (at.value = 0),
        )}
      {at.value === 2 && done}
    </MeFrame>
  )
}
