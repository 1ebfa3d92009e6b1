import type { ComponentChildren } from 'preact'
import { t } from '../i18n'
import { Icon } from '../ui/icon'
import type { Line, LineKey } from './lines'
import './overlay.css'

interface Props {
  width: number
  height: number
  lines: Line[]
  shown: ReadonlySet<LineKey>
  failing: ReadonlySet<LineKey>
  /** Whether the lines have their names beside them. */
  labelled?: boolean
  /** The photo under the lines. */
  children: ComponentChildren
}

/**
 * A photo with measured lines on it. The lines are hidden from screen readers: the list in `MeasuredPhoto` has the
 * values as text.
 */
export function PhotoOverlay({ width, height, lines, shown, failing, labelled = true, children }: Props) {
  const visible = lines.filter((line) => shown.has(line.key))
  return (
    <div class="overlay" style={{ aspectRatio: `${width} / ${height}` }}>
      {children}
      <svg class="overlay-lines" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
        {visible.map((line) => (
          <LineShape key={line.key} line={line} width={width} height={height} failing={failing.has(line.key)} />
        ))}
      </svg>
      {labelled &&
        visible.map((line) => (
          <LineName key={line.key} line={line} width={width} height={height} failing={failing.has(line.key)} />
        ))}
    </div>
  )
}

type LineProps = { line: Line; width: number; height: number; failing: boolean }

function LineShape({ line, width, height, failing }: LineProps) {
  const points = (path: Line['paths'][number]) => path.map(([x, y]) => `${x},${y}`).join(' ')
  const ring = Math.max(width, height) * 0.008
  return (
    <g class={`line line-${line.key}`} data-failing={failing ? '' : undefined}>
      {line.key === 'crop' && <path class="line-outside" fill-rule="evenodd" d={outside(line, width, height)} />}
      {(['line-casing', 'line-ink'] as const).map((layer) => (
        <g key={layer} class={layer}>
          {line.paths.map((path, index) => (
            <polyline key={index} points={points(path)} />
          ))}
          {line.marks.map(([x, y], index) => (
            <circle key={index} cx={x} cy={y} r={ring} />
          ))}
        </g>
      ))}
    </g>
  )
}

function outside(line: Line, width: number, height: number): string {
  const corners = line.paths[0]!.map(([x, y]) => `${x} ${y}`).join('L')
  return `M0 0H${width}V${height}H0ZM${corners}Z`
}

const percent = (share: number): string => `${Math.min(97, Math.max(3, share * 100))}%`

function LineName({ line, width, height, failing }: LineProps) {
  const [x, y] = line.label
  return (
    <span
      class={`line-name line-${line.key}`}
      data-failing={failing ? '' : undefined}
      style={{ left: percent(x / width), top: percent(y / height) }}
      aria-hidden="true"
    >
      {failing && <Icon name="cross" size={12} />}
      {t(`line-${line.key}`)}
    </span>
  )
}
