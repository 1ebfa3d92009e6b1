/**
 * Manual 000, section 5.6: at least 8 characters with a digit, a lower and an upper case letter and a special
 * character.
 */
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
