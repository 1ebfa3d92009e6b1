import type { Schemas } from '../api/client'
import { t } from '../i18n'
import { QrCode } from '../ui/qr-code'
import { Barcode } from './barcode'

type Receipt = Schemas['Receipt']

/**
 * The receipt as one A4 page: the applicant's part, the cutting line, the office's part. Its texts are always Chinese.
 */
export function Paper({ receipt }: { receipt: Receipt }) {
  const [holder, office] = receipt.parts
  return (
    <article class="paper" lang="zh-CN" aria-label={receipt.title}>
      <section class="paper-holder" aria-label={holder}>
        <p class="paper-part">{holder}</p>
        <h2>{receipt.title}</h2>
        <Conformity receipt={receipt} />
        <div class="paper-codes">
          <Code code={receipt.check} />
          <Code code={receipt.service} />
        </div>
        {receipt.notes.map((note) => (
          <p key={note} class="paper-note">
            {note}
          </p>
        ))}
        <div class="paper-columns">
          <div>
            <dl>
              {receipt.facts.map(({ label, text }) => (
                <div key={label}>
                  <dt>{label}: </dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
            <Stamp receipt={receipt} />
          </div>
          <div class="paper-photo">
            <Photo receipt={receipt} />
            <ImageNumber receipt={receipt} />
          </div>
        </div>
        <p class="paper-note">{receipt.declaration}</p>
        <p class="paper-signature">
          {receipt.signature.map((label) => (
            <span key={label}>{label}: </span>
          ))}
        </p>
      </section>
      <p class="paper-cut">
        <span>{receipt.cut}</span>
      </p>
      <section class="paper-office" aria-label={office}>
        <p class="paper-part">{office}</p>
        <h2>{receipt.title}</h2>
        <div class="paper-columns">
          <div>
            <Conformity receipt={receipt} />
            <div class="paper-stub">
              <ImageNumber receipt={receipt} />
              <Stamp receipt={receipt} />
            </div>
          </div>
          <Photo receipt={receipt} />
        </div>
      </section>
    </article>
  )
}

function Conformity({ receipt }: { receipt: Receipt }) {
  return (
    <p class="paper-conformity">
      {receipt.conformity}
      {receipt.validity}
    </p>
  )
}

function Code({ code }: { code: Schemas['ReceiptCode'] }) {
  return (
    <figure>
      <QrCode text={code.url} label={t('receipt-qr', { name: code.label })} />
      <figcaption>{code.label}</figcaption>
    </figure>
  )
}

function ImageNumber({ receipt }: { receipt: Receipt }) {
  return (
    <div class="paper-number">
      <Barcode modules={receipt.barcode} label={t('receipt-barcode', { number: receipt.imageNo })} />
      <p>{receipt.imageNo}</p>
    </div>
  )
}

/** The photo in its physical size in millimetres. */
function Photo({ receipt }: { receipt: Receipt }) {
  const { link, widthMm, heightMm } = receipt.photo
  return <img src={link.url} alt={t('standard-alt')} style={{ width: `${widthMm}mm`, height: `${heightMm}mm` }} />
}

function Stamp({ receipt }: { receipt: Receipt }) {
  return receipt.stamp ? <p class="paper-stamp">{receipt.stamp}</p> : null
}
