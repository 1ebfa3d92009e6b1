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
void startLocale().then(() => render(<App />, document.getElementById('app')!))
