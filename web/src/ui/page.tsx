import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../i18n'
import { arrived } from '../shell/arrival'

interface Props {
  title: string
  /** One sentence under the title. */
  lead?: ComponentChildren
  narrow?: boolean
  /** A figure beside the heading and what follows it there. */
  figure?: ComponentChildren
  /** Stands under the heading, beside the figure. */
  opening?: ComponentChildren
  children: ComponentChildren
}

/** A page's frame: document title and heading. After a navigation inside the site the heading takes the focus. */
export function Page({ title, lead, narrow, figure, opening, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${t('site-name')}`
  }, [title])
  useEffect(() => {
    if (arrived()) heading.current?.focus()
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
