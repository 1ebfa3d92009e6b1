import { maybe, t } from '../i18n'
import { Icon, type IconName } from '../ui/icon'
import type { Tone } from '../ui/notice'
import type { Photo, PhotoState } from './watch'

const LOOKS: Partial<Record<PhotoState, [Tone, IconName]>> = {
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

export const stateTone = (state: PhotoState): Tone => (LOOKS[state] ?? UNKNOWN)[0]

/** Our word for the state; the server's own for one this page does not know yet. */
export const stateName = (photo: Photo): string => maybe(`state-${photo.state}`) ?? photo.stateText

/** Found good; whether it was paid is another question. */
export const hasPassed = ({ state }: Pick<Photo, 'state'>): boolean => state === 'passed' || state === 'paid'

/** 检测结果: the server's sentence, or 符合要求, or the blocking reasons. */
export function resultText(photo: Photo): string {
  if (photo.resultText) return photo.resultText
  if (hasPassed(photo)) return t('result-pass')
  const blocking = photo.reasons.filter((reason) => reason.severity === 'blocking')
  return blocking.map((reason) => reason.text).join(t('list-semicolon')) || '–'
}

/** The answer in one line. */
export function Verdict({ photo }: { photo: Photo }) {
  const [tone, icon] = LOOKS[photo.state] ?? UNKNOWN
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
