/** Receipts with the texts of the sample in the manual, and their public check. */
import type { Schemas } from '../../src/api/client'
import { problem, type Reply } from './reply'

type Photo = Schemas['Photo']

const VALIDITY_MS = 90 * 86_400_000
/** The modules of AL200166498 in Code 128. */
const BARCODE =
  '110100100001010001100010001101110110011100101011101111011011001100100111011001010000110011110100010101110001101100011101011'

/** Check tokens by the state of their receipts. */
export const TOKENS: Record<string, string> = {
  valid: 'QUwyMDAxNjY0OTgAAAAAAAAAAAAAAAAAAAAA',
  expired: 'QUMyMDAxNjY0OTcAAAAAAAAAAAAAAAAAAAAA',
}

export function receipt(photo: Photo, origin: string, url: string, expired: boolean): Reply {
  if (!photo.paid) {
    return photo.state === 'passed'
      ? problem(403, 'photo-not-paid', '相片尚未付款')
      : problem(403, 'photo-not-passed', '相片尚未检测合格')
  }
  const takenAt = photo.uploadedAt ?? new Date().toISOString()
  const validUntil = new Date(new Date(takenAt).getTime() + VALIDITY_MS).toISOString()
  const body: Schemas['Receipt'] = {
    imageNo: photo.imageNo,
    title: '广东省居民身份证数字相片采集回执',
    parts: ['申请人持有联', '办证窗口留存联'],
    conformity: `您的相片符合《GA461-2004居民身份证制证用数字相片技术要求》，相片图像号为 ${photo.imageNo}，请持此回执及申请材料办理居民身份证、深圳居住证、深圳社保卡。`,
    validity: '（本回执及数字相片90天内有效）',
    check: { label: '一码通办', url: `${origin}/verify/${TOKENS.valid}` },
    service: { label: '粤居码', url: 'https://service.example.cn/yuejuma' },
    notes: [
      '☆扫描上方左侧二维码可以核验相片和办理居民身份证邮寄服务，办理时出示“粤居码”即可，无需提交本回执。符合网上办理条件的，无需到户政窗口办理。',
      '☆扫描上方右侧二维码登录“粤居码”-“户政服务”，可以网上咨询、预约、办理户政业务(含居民身份证)，以及查询户政业务办理进度。',
    ],
    facts: [
      { label: '采集单位', text: 'TEST-IST——ZZZX' },
      { label: '联系电话', text: '13048958911' },
      { label: '采集时间', text: '2024-01-15 13:36:56' },
      { label: '有效期至', text: '2024-04-14 13:36:56' },
    ],
    declaration: '已确认本相片属本人，且不化浓妆、不美化相片、人脸生物特征没有被修改等，如因此办证被拒，责任自负。',
    signature: ['姓名', '电话号码'],
    cut: '沿此线剪开',
    barcode: BARCODE,
    photo: { link: { url, expiresAt: validUntil }, widthMm: 25.98, heightMm: 32 },
    takenAt,
    validUntil,
    expired,
    ...(expired && { stamp: '已过期' }),
  }
  return { status: 200, body }
}

export function check(token: string, english: boolean): Reply {
  const state = Object.keys(TOKENS).find((name) => TOKENS[name] === token) ?? 'unknown'
  const texts: Record<string, [string, string]> = {
    valid: ['回执有效', 'The receipt is valid'],
    expired: ['回执已过期', 'The receipt has expired'],
    unknown: ['没有这张回执', 'There is no such receipt'],
  }
  const body: Schemas['ReceiptCheck'] = {
    state,
    stateText: texts[state]![english ? 1 : 0],
    ...(state !== 'unknown' && { imageNo: state === 'valid' ? 'AL200166498' : 'AC200166497' }),
    ...(state === 'valid' && { validUntil: '2024-04-14T05:36:56Z' }),
  }
  return { status: 200, body }
}
