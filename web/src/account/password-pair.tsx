import { t } from '../i18n'
import { Field } from '../ui/field'
import type { Errors, Form } from '../ui/form'
import { Icon } from '../ui/icon'
import { PasswordInput } from './password-input'
import { brokenRules, PASSWORD_RULES, type PasswordRule } from './password-rules'

export const EMPTY_PASSWORD_PAIR = { password: '', passwordAgain: '' }

interface Props<T> {
  form: Form<T>
  label?: string
}

/** A new password, with its rules marked as they are met, and its repetition. */
export function PasswordPair<T extends typeof EMPTY_PASSWORD_PAIR>({ form, label = t('password') }: Props<T>) {
  const { password, passwordAgain } = form.values
  return (
    <>
      <Field
        name="password"
        label={label}
        error={form.errors.password}
        required
        hint={<RuleList password={password} />}
      >
        {(control) => (
          <PasswordInput
            control={control}
            value={password}
            autocomplete="new-password"
            onInput={(value) => form.set('password', value as T['password'])}
          />
        )}
      </Field>
      <Field name="passwordAgain" label={t('password-again')} error={form.errors.passwordAgain} required>
        {(control) => (
          <PasswordInput
            control={control}
            value={passwordAgain}
            autocomplete="new-password"
            onInput={(value) => form.set('passwordAgain', value as T['passwordAgain'])}
          />
        )}
      </Field>
    </>
  )
}

/** Errors of a password that breaks rules and of a repetition that differs from it. */
export function passwordErrors({ password, passwordAgain }: typeof EMPTY_PASSWORD_PAIR): Errors {
  const broken = brokenRules(password).map((rule) => t(`password-rule-${rule}`))
  return {
    ...(broken.length > 0 && { password: t('password-broken', { rules: broken.join(t('list-comma')) }) }),
    ...(passwordAgain !== password && { passwordAgain: t('password-differs') }),
  }
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
