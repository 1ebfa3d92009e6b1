import type { Schemas } from '../../src/api/client'
import { overlay, STRAIGHT, TILTED, type Scene } from './scene'

type Finding = Schemas['Finding']
type Reason = Schemas['Reason']

const finding = (check: string, measured: number, limit: Schemas['Limit'], unit: string, rest: Partial<Finding> = {}): Finding => ({
  check,
  group: check.split('.')[0]!,
  verdict: 'pass',
  policy: 'blocking',
  reason: 'default',
  measured,
  limit,
  unit,
  source: 'GA 461-2004',
  ...rest,
})

function findings(scene: Scene): Finding[] {
  return [
    finding('file.bytes', 187_392, { min: 28_672, max: 1_048_576 }, 'bytes', { group: 'file' }),
    finding('framing.face-width', 207, { min: 193, max: 221 }, 'px'),
    finding('framing.crown', 14, { min: 7, max: 21 }, 'px'),
    finding('framing.eye-line', 269, { min: 207 }, 'px'),
    finding('pose.roll', scene.degrees, { min: -8, max: 8 }, 'deg', {
      verdict: Math.abs(scene.degrees) > 8 ? 'fail' : 'pass',
    }),
    finding('pose.yaw', 4.2, { min: -5, max: 5 }, 'deg', { verdict: 'unsure' }),
    finding('eyes.open', 0.07, { min: 0.035 }, 'ratio', { group: 'expression' }),
    finding('light.uneven', 0.86, { min: 0.9 }, 'share', { policy: 'advisory', verdict: 'fail' }),
    finding('background.white', 97.4, { min: 92 }, 'L*', { group: 'background' }),
  ]
}

function report(scene: Scene, card: string, passed: boolean): Schemas['Report'] {
  return {
    engine: '1',
    card,
    verdict: passed ? 'pass' : 'fail',
    findings: findings(scene),
    picture: { widthPx: scene.width, heightPx: scene.height, bytes: 187_392, faces: 1 },
    overlay: overlay(scene),
    ...(passed && {
      standardPhoto: { widthPx: 358, heightPx: 441, dpi: 350, bytes: 24_310, edits: ['cropped', 'resized', 'background-whitened'] },
    }),
  }
}

export interface Ending {
  state: Schemas['PhotoState']
  feeFen: number
  reasons: Reason[]
  report?: Schemas['Report']
}

/** How an inspection ends; the file name of the upload chooses. */
export function ending(fileName: string, card: string, english: boolean): Ending {
  const say = (zh: string, en: string) => (english ? en : zh)
  const light: Reason = {
    code: 'light.uneven',
    cause: 'default',
    text: say('面部左右明暗略有差异', 'The light on the face is slightly uneven'),
    hint: say('请面向窗户或柔光，避免侧光。', 'Face a window or a soft light.'),
    severity: 'advisory',
    measured: 0.86,
    limit: { min: 0.9 },
    unit: 'share',
  }
  if (fileName.startsWith('tilted')) {
    const tilted: Reason = {
      code: 'pose.roll',
      cause: 'default',
      text: say('头像不正或没有居中平视', 'The head is not upright'),
      hint: say('请把头摆正，双眼保持水平后重拍。', 'Hold your head upright so that both eyes are level.'),
      severity: 'blocking',
      measured: TILTED.degrees,
      limit: { min: -8, max: 8 },
      unit: 'deg',
    }
    return { state: 'failed', feeFen: 0, reasons: [tilted, light], report: report(TILTED, card, false) }
  }
  if (fileName.startsWith('slow')) return { state: 'timed-out', feeFen: 0, reasons: [] }
  if (fileName.startsWith('broken')) {
    const unreadable: Reason = {
      code: 'file.format',
      cause: 'damaged',
      text: say('相片文件损坏，无法读取', 'The photo file is damaged and cannot be read'),
      hint: say('请换一张能正常打开的原图。', 'Use an original that opens normally.'),
      severity: 'blocking',
    }
    return { state: 'unreadable', feeFen: 0, reasons: [unreadable] }
  }
  return { state: 'passed', feeFen: 150, reasons: [light], report: report(STRAIGHT, card, true) }
}
