import { Icon, type IconName } from './icon'
import type { Tone } from './notice'

const ICONS: Record<Tone, IconName> = { info: 'clock', pass: 'check', fail: 'cross', warn: 'warn' }

/** A state as icon and text; the colour has no meaning of its own. */
export function StatusTag({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span class={`tag tag-${tone}`}>
      <Icon name={ICONS[tone]} size={16} />
      {children}
    </span>
  )
}
