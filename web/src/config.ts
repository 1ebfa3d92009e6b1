/** Deployment settings from `/config.json`, so that one build serves every stage. */
export interface Config {
  /** Prefix of every API path on the page's own origin. */
  apiBase: string
  /** Address of the mobile app's download page, if there is one. */
  appDownload?: string
}

let loading: Promise<Config> | undefined

/** Loads the settings once. Without a readable file the API is expected under `/api`. */
export function config(): Promise<Config> {
  loading ??= fetch('/config.json')
    .then((response) => response.json() as Promise<Config>)
    .catch(() => ({ apiBase: '/api' }))
  return loading
}
