/** A response of the mock server. */
export interface Reply {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

/** An error response. `pointer` names the field of the request that caused it. */
export const problem = (status: number, code: string, title: string, pointer?: string): Reply => ({
  status,
  body: {
    type: 'about:blank',
    title,
    status,
    code,
    requestId: 'req-0001',
    ...(pointer && { errors: [{ pointer, code, message: title }] }),
  },
})

/** The ISO instant `ms` milliseconds from now. */
export const fromNow = (ms: number): string => new Date(Date.now() + ms).toISOString()
