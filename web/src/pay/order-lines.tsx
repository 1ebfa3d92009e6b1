import { useEffect } from 'preact/hooks'
import type { Schemas } from '../api/client'
import { locale, t } from '../i18n'
import { yuan } from '../i18n/format'
import { loadReference, photoType } from '../photos/reference'

/** The lines of an order, one for each photo. */
export function OrderLines({ lines }: { lines: Schemas['OrderLine'][] }) {
  useEffect(() => void loadReference(), [locale.value])
  return (
    <table class="table table-cards">
      <thead>
        <tr>
          <th scope="col">{t('order-line-number')}</th>
          <th scope="col">{t('order-line-card')}</th>
          <th scope="col">{t('order-line-region')}</th>
          <th scope="col">{t('order-line-state')}</th>
          <th scope="col" class="end">
            {t('order-line-price')}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.imageNo}>
            <th scope="row">{line.imageNo}</th>
            <td data-label={t('order-line-card')}>{photoType(line.card)?.name ?? line.card}</td>
            <td data-label={t('order-line-region')}>{line.region}</td>
            <td data-label={t('order-line-state')}>{t('order-line-passed')}</td>
            <td class="end" data-label={t('order-line-price')}>
              {t('fee-value', { yuan: yuan(line.priceFen) })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
