import type { ButtonHTMLAttributes, ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon'

type Variant = 'primary' | 'plain' | 'quiet'

interface Props extends Omit<ButtonHTMLAttributes, 'icon'> {
  variant?: Variant
  icon?: IconName
  /** Shows a spinner and ignores clicks. The button stays focusable, so that the focus is not lost. */
  busy?: boolean
  children: ComponentChildren
}

export function Button({ variant = 'plain', icon, busy = false, type = 'button', onClick, children, ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      class={`button button-${variant}`}
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
  variant?: Variant
  icon?: IconName
  download?: string
  children: ComponentChildren
}

export function ButtonLink({ href, variant = 'plain', icon, download, children }: LinkProps) {
  return (
    <a class={`button button-${variant}`} href={href} download={download}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </a>
  )
}
