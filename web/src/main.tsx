import { render } from 'preact'
import { startLocale } from './i18n'
import { resume } from './session'
import { App } from './shell/app'
import './ui/tokens.css'
import './ui/base.css'
import './ui/controls.css'
import './ui/parts.css'
import './shell/shell.css'

void resume()
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // The query contains the hash of the entry chunk, so each build registers its own worker.
  const build = new URL(import.meta.url).pathname.split('/').pop()
  void navigator.serviceWorker.register(`/sw.js?${build}`).catch(() => undefined)
}
void startLocale().then(() => render(<App />, document.getElementById('app')!))
