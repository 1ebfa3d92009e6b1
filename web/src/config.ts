/** Read once at start, so that one build serves every stage. */
export interface Config {
  /** Prefix of every API path, on the page's own origin. */
  apiBase: string
}

export const config: Promise<Config> = fetch('/config.json')
  .then((answer) => answer.json() as Promise<Config>)
  .catch(() => ({ apiBase: '/api' }))
