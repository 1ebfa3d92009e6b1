import { t } from '../i18n'
import { Field } from '../ui/field'
import { Icon } from '../ui/icon'
import { PasswordInput } from './password-input'
import { PASSWORD_RULES, type PasswordRule } from './password-rules'

interface Props {
  label?: string
  value: string
  error?: string | undefined
  onInput: (value: string) => void
}

/** A password being chosen, with its rules ticked off while typing. */
export function NewPassword({ label = t('password'), value, error, onInput }: Props) {
  return (
    <Field name="password" label={label} error={error} required hint={<RuleList password={value} />}>
      {(control) => (
        <PasswordInput control={control} value={value} autocomplete="new-password" onInput={onInput} />
      )}
    </Field>
  )
}

/** The same password typed again. */
export function PasswordAgain({ value, error, onInput }: Omit<Props, 'label'>) {
  return (
    <Field name="passwordAgain" label={t('password-again')} error={error} required>
      {(control) => <PasswordInput control={control} value={value} autocomplete="new-password" onInput={onInput} />}
    </Field>
  )
}

function RuleList({ password }: { password: string }) {
  return (
    <span class="rules">
      {(Object.keys(PASSWORD_RULES) as PasswordRule[]).map((rule) => {
        const met = PASSWORD_RULES[rule](password)
        return (
          <span key={rule} class="rule" data-met={met ? '' : undefined}>
            {met ? <Icon name="check" size={16} /> : <span class="rule-dot" aria-hidden="true" />}
            {t(`password-rule-${rule}`)}
            <span class="visually-hidden">{t(met ? 'rule-met' : 'rule-open')}</span>
          </span>
        )
      })}
    </span>
  )
}
