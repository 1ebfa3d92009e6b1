import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../i18n'
import { hasNavigated } from './navigation'

interface Props {
  title: string
  /** One sentence under the heading. */
  lead?: ComponentChildren
  narrow?: boolean
  /** Figure beside heading and opening. */
  figure?: ComponentChildren
  /** Content under the heading, beside the figure. */
  opening?: ComponentChildren
  children: ComponentChildren
}

/** Frame of every page: document title and heading. After a navigation inside the site the heading takes the focus. */
export function Page({ title, lead, narrow, figure, opening, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${t('site-name')}`
  }, [title])
  useEffect(() => {
    if (hasNavigated()) heading.current?.focus()
  }, [])
  return (
    <div class={narrow ? 'page page-narrow' : 'page'}>
      <div class={figure ? 'page-top' : undefined}>
        <header class="page-head">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p class="lead">{lead}</p>}
          {opening}
        </header>
        {figure}
      </div>
      {children}
    </div>
  )
}
