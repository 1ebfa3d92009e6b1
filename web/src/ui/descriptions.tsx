import type { ComponentChildren } from 'preact'

/** A description list. Rows without a value are left out. */
export function Descriptions({ rows }: { rows: [string, ComponentChildren | undefined][] }) {
  return (
    <dl class="descriptions">
      {rows
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}
