import type { ComponentChildren } from 'preact'
import { NETWORK, type Problem } from '../api/problem'
import { maybe, t } from '../i18n'
import { Button } from './button'
import { Icon, type IconName } from './icon'

export type Tone = 'info' | 'pass' | 'fail' | 'warn'

const ICONS: Record<Tone, IconName> = { info: 'info', pass: 'check', fail: 'cross', warn: 'warn' }

interface Props {
  tone: Tone
  title?: string
  icon?: IconName
  /** Screen readers announce the notice when it appears. */
  live?: boolean
  children?: ComponentChildren
}

export function Notice({ tone, title, icon, live, children }: Props) {
  return (
    <div class={`notice notice-${tone}`} role={live ? 'status' : undefined}>
      <Icon name={icon ?? ICONS[tone]} size={22} />
      <div>
        {title && <p class="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  )
}

/** Title of a problem: the page's text for its code, else the service's title, else a general text. */
function problemTitle(problem: Problem): string {
  return maybe(`problem-${problem.code}`) ?? (problem.title || t('problem-unexpected'))
}

/** A problem with its detail, its request id and, if it can be repeated, a retry button. */
export function ProblemNotice({ problem, retry }: { problem: Problem; retry?: () => void }) {
  const offline = problem.code === NETWORK
  return (
    <Notice tone={offline ? 'warn' : 'fail'} icon={offline ? 'offline' : 'warn'} title={problemTitle(problem)} live>
      {problem.detail && <p>{problem.detail}</p>}
      {problem.requestId && <p class="small muted">{t('request-id', { id: problem.requestId })}</p>}
      {retry && (
        <p>
          <Button icon="refresh" onClick={retry}>
            {t('try-again')}
          </Button>
        </p>
      )}
    </Notice>
  )
}
