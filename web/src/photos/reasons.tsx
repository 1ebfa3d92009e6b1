import type { Schemas } from '../api/client'
import { t } from '../i18n'
import { Icon } from '../ui/icon'
import { quantity, range } from './measure'
import './measures.css'

interface Props {
  title: string
  hint?: string
  reasons: Schemas['Reason'][]
  numbered?: boolean
}

/** Reasons with measured value, limit and advice. */
export function Reasons({ title, hint, reasons, numbered }: Props) {
  const List = numbered ? 'ol' : 'ul'
  return (
    <section class="reasons" data-blocking={numbered ? '' : undefined}>
      <h3>{title}</h3>
      {hint && <p class="field-hint">{hint}</p>}
      <List>
        {reasons.map((reason) => (
          <li key={reason.code + reason.text} class="reason">
            <p class="reason-text">
              <Icon name={numbered ? 'cross' : 'info'} size={18} />
              {reason.text}
            </p>
            <Numbers reason={reason} />
            {reason.hint && <p class="reason-hint">{reason.hint}</p>}
          </li>
        ))}
      </List>
    </section>
  )
}

function Numbers({ reason }: { reason: Schemas['Reason'] }) {
  if (reason.measured === undefined) return null
  const limit = reason.limit && range(reason.limit, reason.unit)
  return (
    <dl class="reason-numbers figures">
      <div>
        <dt>{t('measured')}</dt>
        <dd>{quantity(reason.measured, reason.unit)}</dd>
      </div>
      {limit && (
        <div>
          <dt>{t('limit')}</dt>
          <dd>{limit}</dd>
        </div>
      )}
    </dl>
  )
}
