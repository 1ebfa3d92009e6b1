import type { Schemas } from '../api/client'
import { maybe, t } from '../i18n'
import { StatusTag } from '../ui/status-tag'
import type { Tone } from '../ui/notice'
import { quantity, range } from './measure'

type Finding = Schemas['Finding']

/** Every check that ran, for those who want to see all of it. */
export function Checks({ findings }: { findings: Finding[] }) {
  const ran = findings.filter((finding) => finding.policy !== 'off').sort((a, b) => rank(a) - rank(b))
  return (
    <details class="checks">
      <summary>{t('checks', { count: ran.length })}</summary>
      <table class="table table-cards">
        <thead>
          <tr>
            <th scope="col">{t('check')}</th>
            <th scope="col">{t('checks-outcome')}</th>
            <th scope="col">{t('measured')}</th>
            <th scope="col">{t('limit')}</th>
          </tr>
        </thead>
        <tbody>
          {ran.map((finding) => (
            <tr key={finding.check}>
              <th scope="row">{checkName(finding.check)}</th>
              <td>
                <StatusTag tone={tone(finding)}>{t(`outcome-${outcomeKey(finding)}`)}</StatusTag>
              </td>
              <td data-label={t('measured')}>
                {finding.measured === undefined ? '–' : quantity(finding.measured, finding.unit)}
              </td>
              <td data-label={t('limit')}>{(finding.limit && range(finding.limit, finding.unit)) ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

export const checkName = (code: string): string => maybe(`check-${code.replace(/\./g, '-')}`) ?? code

/** Refusals first, then what is worth a look; the engine's order within. */
const rank = (finding: Finding): number => ['fail', 'advice', 'unsure', 'pass'].indexOf(outcomeKey(finding))

function outcomeKey({ verdict, policy }: Finding): string {
  return verdict === 'fail' && policy === 'advisory' ? 'advice' : verdict
}

function tone(finding: Finding): Tone {
  const key = outcomeKey(finding)
  return key === 'pass' ? 'pass' : key === 'fail' ? 'fail' : 'warn'
}
