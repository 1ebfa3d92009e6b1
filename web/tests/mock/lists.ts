import type { Schemas } from '../../src/api/client'

const row = (code: string, zh: string, en: string, licence = false) => ({ code, zh, en, licence })
const CARDS = [
  row('resident-id', '第二代居民身份证数字相片', 'Resident identity card'),
  row('social-security', '社会保障卡数字相片', 'Social security card'),
  row('driving-licence', '机动车驾驶证数字相片', 'Motor vehicle driving licence', true),
  row('security-guard', '保安管理人员/保安员证相片', 'Security guard certificate'),
  row('residence-permit', '居住证相片', 'Residence permit'),
  row('accountant', '会计人员相片采集', 'Accounting personnel photo'),
  row('infant-social-security', '婴儿社保卡数字相片', 'Infant social security card'),
  row('senior-privilege', '深圳市敬老优待证', 'Shenzhen senior privilege card'),
  row('senior-free-ride', '深圳市新任老人免费乘车证', 'Shenzhen senior free-ride card'),
]

export function photoTypes(english: boolean): Schemas['PhotoType'][] {
  return CARDS.map(({ code, zh, en, licence }) => ({
    code,
    name: english ? en : zh,
    widthPx: licence ? 260 : 358,
    heightPx: licence ? 378 : 441,
    dpi: licence ? 300 : 350,
    minBytes: (licence ? 30 : 28) * 1024,
    maxBytes: 1_048_576,
    feeFen: 150,
    standard: licence ? 'GA482-2012机动车驾驶证件' : 'GA461-2004居民身份证制证用数字相片技术要求',
  }))
}

export function rulesets(english: boolean): Schemas['Ruleset'][] {
  return english
    ? [
        { code: 'easy', name: 'Easy upload', help: 'The photo is cut and scaled to the standard for you.' },
        { code: 'strict', name: 'Standard upload', help: 'The photo must already be cut to the standard.' },
      ]
    : [
        { code: 'easy', name: '轻松上传', help: '系统自动把相片裁剪、缩放为标准相片。' },
        { code: 'strict', name: '标准上传', help: '相片须已按标准裁剪好，系统不做处理。' },
      ]
}

export const PROVINCES: Schemas['Province'][] = [
  { name: '广东省', cities: ['深圳市', '广州市'] },
  { name: '上海市', cities: ['上海市'] },
]
