import type { ButtonHTMLAttributes, ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon'

type Look = 'primary' | 'plain' | 'quiet'

interface Props extends Omit<ButtonHTMLAttributes, 'icon'> {
  look?: Look
  icon?: IconName
  /** Shows that work is under way; the button stays focusable and says so, but does nothing. */
  busy?: boolean
  children: ComponentChildren
}

export function Button({ look = 'plain', icon, busy = false, type = 'button', onClick, children, ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      class={`button button-${look}`}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  )
}

interface LinkProps {
  href: string
  look?: Look
  icon?: IconName
  download?: string
  children: ComponentChildren
}

export function ButtonLink({ href, look = 'plain', icon, download, children }: LinkProps) {
  return (
    <a class={`button button-${look}`} href={href} download={download}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </a>
  )
}
