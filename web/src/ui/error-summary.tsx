import { useEffect, useRef } from 'preact/hooks'
import type { Problem } from '../api/problem'
import { t } from '../i18n'
import { fieldId } from './field'
import type { Form } from './form'
import { ProblemNotice } from './notice'

interface Props {
  form: Pick<Form<unknown>, 'errors' | 'rejections'>
  /** Field names in page order. Errors of other fields are listed without a link. */
  order: readonly string[]
  /** A problem that names no field. */
  problem?: Problem | undefined
}

/** The errors above a form. After a rejected submit the summary takes the focus; each entry links to its field. */
export function ErrorSummary({ form: { errors, rejections }, order, problem }: Props) {
  const summary = useRef<HTMLDivElement>(null)
  const names = Object.keys(errors).sort((a, b) => rank(order, a) - rank(order, b))
  const shown = names.length > 0

  useEffect(() => {
    if (rejections > 0) summary.current?.focus()
  }, [rejections])

  useEffect(() => {
    if (!shown) return
    const title = document.title
    document.title = t('title-error', { title })
    return () => {
      document.title = title
    }
  }, [shown])

  return (
    <>
      {shown && (
        <div class="error-summary" ref={summary} tabIndex={-1} role="alert" aria-labelledby="error-summary-title">
          <h2 id="error-summary-title">{t('error-summary')}</h2>
          <ul>
            {names.map((name) => (
              <li key={name}>{order.includes(name) ? <FieldLink name={name} text={errors[name]!} /> : errors[name]}</li>
            ))}
          </ul>
        </div>
      )}
      {problem && <ProblemNotice problem={problem} />}
    </>
  )
}

function rank(order: readonly string[], name: string): number {
  const index = order.indexOf(name)
  return index < 0 ? order.length : index
}

function FieldLink({ name, text }: { name: string; text: string }) {
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
