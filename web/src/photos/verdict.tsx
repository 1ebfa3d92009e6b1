import { maybe, t } from '../i18n'
import { Icon, type IconName } from '../ui/icon'
import type { Tone } from '../ui/notice'
import type { Photo, PhotoState } from './watch'

const APPEARANCE: Partial<Record<PhotoState, [Tone, IconName]>> = {
  reserved: ['info', 'clock'],
  uploaded: ['info', 'clock'],
  inspecting: ['info', 'clock'],
  passed: ['pass', 'check'],
  paid: ['pass', 'check'],
  failed: ['fail', 'cross'],
  unreadable: ['fail', 'cross'],
  'timed-out': ['warn', 'clock'],
}

const UNKNOWN: [Tone, IconName] = ['info', 'clock']

export const stateTone = (state: PhotoState): Tone => (APPEARANCE[state] ?? UNKNOWN)[0]

/** The page's name of the state; the service's text for states that this build does not know. */
export const stateName = (photo: Photo): string => maybe(`state-${photo.state}`) ?? photo.stateText

/** Whether the photo passed the inspection, paid or not. */
export const hasPassed = ({ state }: Pick<Photo, 'state'>): boolean => state === 'passed' || state === 'paid'

/** 检测结果: the service's text if there is one, else 符合要求 or the blocking reasons. */
export function resultText(photo: Photo): string {
  if (photo.resultText) return photo.resultText
  if (hasPassed(photo)) return t('result-pass')
  const blocking = photo.reasons.filter((reason) => reason.severity === 'blocking')
  return blocking.map((reason) => reason.text).join(t('list-semicolon')) || '–'
}

/** State of the photo and what it means, in one box. */
export function Verdict({ photo }: { photo: Photo }) {
  const [tone, icon] = APPEARANCE[photo.state] ?? UNKNOWN
  const blocking = photo.reasons.filter((reason) => reason.severity === 'blocking').length
  return (
    <div class={`verdict verdict-${tone}`} role="status">
      <span class="verdict-mark">
        <Icon name={icon} size={26} />
      </span>
      <div>
        <p class="verdict-title">{stateName(photo)}</p>
        <p>{maybe(`verdict-${photo.state}`, { count: blocking })}</p>
      </div>
    </div>
  )
}
