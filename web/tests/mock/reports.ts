/**
 * Results of inspections. The reports were recorded from the inspection engine with the two photos of
 * `portrait-photo.ts`.
 */
import type { Schemas } from '../../src/api/client'
import good from './recorded/good.json'
import tilted from './recorded/tilted.json'

type Report = Schemas['Report']
type Reason = Schemas['Reason']
type Recorded = typeof good | typeof tilted

export interface InspectionResult {
  state: Schemas['Photo']['state']
  feeFen: number
  reasons: Reason[]
  report?: Report
}

function reason(report: Report, check: string, text: string, hint: string): Reason {
  const found = report.findings.find((finding) => finding.check === check)!
  const { reason: cause, measured, limit, unit, region, policy, verdict } = found
  return {
    code: check,
    cause,
    text,
    hint,
    severity: verdict === 'fail' && policy === 'blocking' ? 'blocking' : 'advisory',
    ...(measured !== undefined && { measured }),
    ...(limit && { limit }),
    ...(unit && { unit }),
    ...(region && { region }),
  }
}

function recorded(from: Recorded, card: string, english: boolean): Pick<InspectionResult, 'reasons' | 'report'> {
  const report = { ...from.report, card } as Report
  const blocking = from.reasons.map((one) =>
    reason(report, one.check, english ? one.en : one.zh, english ? one.hint.en : one.hint.zh),
  )
  const contrast = english
    ? reason(report, 'light.contrast', 'Few levels between dark and light', 'Take the photo in even, brighter light')
    : reason(report, 'light.contrast', '相片明暗层次较少', '请在均匀、明亮的光线下拍摄')
  return { report, reasons: [...blocking, contrast] }
}

/** The result of an inspection, selected by the beginning of the file name. */
export function inspectionResult(fileName: string, card: string, english: boolean): InspectionResult {
  if (fileName.startsWith('tilted')) return { state: 'failed', feeFen: 0, ...recorded(tilted, card, english) }
  if (fileName.startsWith('slow')) return { state: 'timed-out', feeFen: 0, reasons: [] }
  if (fileName.startsWith('broken')) {
    const unreadable: Reason = {
      code: 'file.format',
      cause: 'damaged',
      text: english ? 'The photo file is damaged and cannot be read' : '相片文件损坏，无法读取',
      hint: english ? 'Use an original that opens normally' : '请换一张能正常打开的原图',
      severity: 'blocking',
    }
    return { state: 'unreadable', feeFen: 0, reasons: [unreadable] }
  }
  return { state: 'passed', feeFen: 150, ...recorded(good, card, english) }
}
