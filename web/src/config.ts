/** Read once, before the first request, so that one build serves every stage. */
export interface Config {
  /** Prefix of every API path, on the page's own origin. */
  apiBase: string
  /** Where people get the app that scans; nothing until there is such a place. */
  appDownload?: string
}

let reading: Promise<Config> | undefined

export function config(): Promise<Config> {
  reading ??= fetch('/config.json')
    .then((answer) => answer.json() as Promise<Config>)
    .catch(() => ({ apiBase: '/api' }))
  return reading
}
