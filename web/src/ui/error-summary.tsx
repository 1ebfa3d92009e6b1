import { useEffect, useRef } from 'preact/hooks'
import { t } from '../i18n'
import { fieldId } from './field'
import type { Errors } from './form'

interface Props {
  errors: Errors
  refusals: number
  /** Field names in the order of the page; anything else is shown without a link. */
  order: string[]
}

/** What went wrong, above the form, with the focus on it; each line leads to its field. */
export function ErrorSummary({ errors, refusals, order }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const names = Object.keys(errors).sort((a, b) => rank(order, a) - rank(order, b))
  const shown = names.length > 0

  useEffect(() => {
    if (refusals > 0) box.current?.focus()
  }, [refusals])

  useEffect(() => {
    if (!shown) return
    const title = document.title
    document.title = t('title-error', { title })
    return () => {
      document.title = title
    }
  }, [shown])

  if (!shown) return null
  return (
    <div class="error-summary" ref={box} tabIndex={-1} role="alert" aria-labelledby="error-summary-title">
      <h2 id="error-summary-title">{t('error-summary')}</h2>
      <ul>
        {names.map((name) => (
          <li key={name}>{order.includes(name) ? <Jump name={name} text={errors[name]!} /> : errors[name]}</li>
        ))}
      </ul>
    </div>
  )
}

function rank(order: string[], name: string): number {
  const place = order.indexOf(name)
  return place < 0 ? order.length : place
}

function Jump({ name, text }: { name: string; text: string }) {
  return (
    <a
      href={`#${fieldId(name)}`}
      onClick={(event) => {
        const field = document.getElementById(fieldId(name))
        if (!field) return
        event.preventDefault()
        field.focus()
        field.scrollIntoView({ block: 'center' })
      }}
    >
      {text}
    </a>
  )
}
