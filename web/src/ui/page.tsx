import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../i18n'
import { arrived } from '../shell/arrival'

interface Props {
  title: string
  /** One sentence under the title. */
  lead?: ComponentChildren
  narrow?: boolean
  children: ComponentChildren
}

/** A page's frame: document title and heading. After a navigation inside the site the heading takes the focus. */
export function Page({ title, lead, narrow, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${t('site-name')}`
  }, [title])
  useEffect(() => {
    if (arrived()) heading.current?.focus()
  }, [])
  return (
    <div class={narrow ? 'page page-narrow' : 'page'}>
      <header class="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead && <p class="lead">{lead}</p>}
      </header>
      {children}
    </div>
  )
}
