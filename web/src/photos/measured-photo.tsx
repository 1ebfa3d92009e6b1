import { useSignal } from '@preact/signals'
import { t } from '../i18n'
import { number } from '../i18n/format'
import { Icon } from '../ui/icon'
import { failingLines, type Line, type LineKey, measuredLines, type Report } from './lines'
import { PhotoOverlay } from './overlay'
import './measures.css'

interface Props {
  report: Report
  original: string | undefined
}

/** The photo with its measured lines, and a list with the values that switches each line on and off. */
export function MeasuredPhoto({ report, original }: Props) {
  const { widthPx: width, heightPx: height } = report.picture!
  const lines = measuredLines(report.overlay!, width, height)
  const failing = failingLines(report)
  const shown = useSignal<ReadonlySet<LineKey>>(initialLines(lines, original ? failing : new Set()))

  function toggle(key: LineKey) {
    const next = new Set(shown.value)
    if (!next.delete(key)) next.add(key)
    shown.value = next
  }

  return (
    <figure class="measured">
      <PhotoOverlay width={width} height={height} lines={lines} shown={shown.value} failing={failing}>
        {original && <img src={original} alt={t('original-alt')} />}
      </PhotoOverlay>
      <figcaption class="stack">
        {!original && <p class="field-hint">{t('original-gone')}</p>}
        <fieldset class="line-list">
          <legend>{t('lines')}</legend>
          {lines.map((line) => (
            <label key={line.key} class="line-item">
              <input type="checkbox" checked={shown.value.has(line.key)} onChange={() => toggle(line.key)} />
              <span class={`line-swatch line-${line.key}`} data-failing={failing.has(line.key) ? '' : undefined} />
              <span class="line-named">
                {t(`line-${line.key}`)}
                {failing.has(line.key) && (
                  <span class="line-fails">
                    <Icon name="cross" size={14} />
                    {t('line-fails')}
                  </span>
                )}
              </span>
              <span class="line-value figures">{lineValue(line)}</span>
            </label>
          ))}
        </fieldset>
      </figcaption>
    </figure>
  )
}

/** The failing lines with eyes and crop for orientation; without failures all lines but the face box. */
function initialLines(lines: Line[], failing: ReadonlySet<LineKey>): Set<LineKey> {
  const present = lines.map((line) => line.key)
  if (failing.size > 0) return new Set(present.filter((key) => failing.has(key) || key === 'crop' || key === 'eyes'))
  return new Set(present.filter((key) => key !== 'face'))
}

function lineValue(line: Line): string {
  const rounded = line.unit === 'deg' ? number(line.value, 1) : number(line.value, 0)
  return t(`line-${line.key}-value`, { value: rounded })
}
