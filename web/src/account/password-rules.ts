import { t } from '../i18n'
import type { Errors } from '../ui/form'

/** User manual, section 5.6: digit, lower and upper case letter, special character, at least 8 characters. */
export const PASSWORD_RULES = {
  length: (password: string) => [...password].length >= 8,
  digit: (password: string) => /\d/.test(password),
  lower: (password: string) => /[a-z]/.test(password),
  upper: (password: string) => /[A-Z]/.test(password),
  special: (password: string) => /[^\p{L}\p{N}\s]/u.test(password),
} as const

export type PasswordRule = keyof typeof PASSWORD_RULES

export function brokenRules(password: string): PasswordRule[] {
  return (Object.keys(PASSWORD_RULES) as PasswordRule[]).filter((rule) => !PASSWORD_RULES[rule](password))
}

/** The errors of a `password` field whose value breaks rules, and of a `passwordAgain` that differs from it. */
export function passwordErrors(password: string, again: string): Errors {
  const rules = brokenRules(password).map((rule) => t(`password-rule-${rule}`))
  return {
    ...(rules.length > 0 && { password: t('password-broken', { rules: rules.join(t('list-comma')) }) }),
    ...(again !== password && { passwordAgain: t('password-differs') }),
  }
}
