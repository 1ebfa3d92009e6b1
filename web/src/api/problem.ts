/** An error response of the API (RFC 9457). A request that got no response has the same shape. */
export interface Problem {
  code: string
  title: string
  /** The HTTP status; 0 when there was no response. */
  status: number
  detail?: string
  errors?: { pointer: string; code: string; message: string }[]
  requestId?: string
}

/** Code of a request without response. The server may or may not have executed it. */
export const NETWORK = 'network'

export const networkProblem: Problem = { code: NETWORK, title: '', status: 0 }

/** First message of each form field. The first segment of a pointer names the field: `/captcha/answer` -> `captcha`. */
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
