import type { Schemas } from '../api/client'
import { maybe, t } from '../i18n'
import type { Tone } from '../ui/notice'
import { StatusTag } from '../ui/status-tag'
import { quantity, range } from './measure'

type Finding = Schemas['Finding']

/** All checks that ran, collapsed by default. */
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

/** Sort key: failed, advice, unsure, passed. The sort is stable, so equal outcomes keep the engine's order. */
const rank = (finding: Finding): number => ['fail', 'advice', 'unsure', 'pass'].indexOf(outcomeKey(finding))

function outcomeKey({ verdict, policy }: Finding): string {
  return verdict === 'fail' && policy === 'advisory' ? 'advice' : verdict
}

function tone(finding: Finding): Tone {
  const key = outcomeKey(finding)
  return key === 'pass' ? 'pass' : key === 'fail' ? 'fail' : 'warn'
}
