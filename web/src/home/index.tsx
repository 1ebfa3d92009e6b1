import { t } from '../i18n'
import { MeasuredPortrait } from '../photos/measured-portrait'
import { signedIn } from '../session'
import { ButtonLink } from '../ui/button'
import { Icon, type IconName } from '../ui/icon'
import { Page } from '../ui/page'
import './home.css'

const STEPS = ['choose', 'upload', 'verdict'] as const

const ENTRIES: [href: string, key: string, icon: IconName][] = [
  ['/photos/new', 'new-photo', 'upload'],
  ['/photos', 'photos', 'image'],
  ['/photos/guide', 'guide', 'camera'],
  ['/me', 'me', 'person'],
]

/** The home page. It is part of the first load, not of a lazy chunk. */
export function Home() {
  return (
    <Page title={t('home-title')} lead={t('home-lead')} opening={<Opening />} figure={<Figure />}>
      <nav class="entries" aria-label={t('home-entries')}>
        {ENTRIES.map(([href, key, icon]) => (
          <a key={key} class="entry" href={href}>
            <Icon name={icon} size={26} />
            <span class="entry-title">{t(`nav-${key}`)}</span>
            <span class="entry-text">{t(`home-${key}`)}</span>
          </a>
        ))}
        {!signedIn.value && (
          <a class="entry" href="/register">
            <Icon name="check" size={26} />
            <span class="entry-title">{t('home-account')}</span>
            <span class="entry-text">{t('home-account-text')}</span>
          </a>
        )}
      </nav>
    </Page>
  )
}

function Opening() {
  return (
    <div class="opening">
      <div class="actions">
        <ButtonLink href="/photos/new" variant="primary" icon="upload">
          {t('nav-new-photo')}
        </ButtonLink>
        <ButtonLink href="/photos/guide">{t('nav-guide')}</ButtonLink>
      </div>
      <ol class="steps">
        {STEPS.map((step) => (
          <li key={step}>
            <h2>{t(`home-step-${step}`)}</h2>
            <p>{t(`home-step-${step}-text`)}</p>
          </li>
        ))}
      </ol>
    </div>
  )
}

function Figure() {
  return (
    <figure class="home-figure">
      <MeasuredPortrait />
      <figcaption class="small muted">{t('home-figure')}</figcaption>
    </figure>
  )
}
