/** What the API says when it refuses (RFC 9457), and the same shape for a network that gave no answer. */
export interface Problem {
  code: string
  title: string
  status: number
  detail?: string
  errors?: { pointer: string; code: string; message: string }[]
  requestId?: string
}

/** No answer arrived: the request may or may not have been carried out. */
export const NETWORK = 'network'

export const networkProblem: Problem = { code: NETWORK, title: '', status: 0 }

/** `/captcha/answer` -> `captcha`: the first step of the pointer names the form field. */
export function fieldErrors(problem: Problem): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const { pointer, message } of problem.errors ?? []) {
    const field = pointer.split('/')[1]
    if (field && !errors[field]) errors[field] = message
  }
  return errors
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'status' in value
}
