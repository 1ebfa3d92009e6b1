import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { Checkbox } from '../ui/choice'
import { Page } from '../ui/page'
import { AGREEMENT_SECTIONS } from './agreement-text'
import { consent } from './consent'

/** First step of the registration. The form opens after the agreement is ticked and accepted. */
export default function Agreement() {
  const { route } = useLocation()
  const ticked = useSignal(false)
  return (
    <Page title={t('agreement')} lead={t('agreement-lead')} narrow>
      <div class="card stack">
        {AGREEMENT_SECTIONS.map((section) => (
          <section key={section}>
            <h2>{t(`agreement-${section}`)}</h2>
            <p>{t(`agreement-${section}-text`)}</p>
          </section>
        ))}
        <Checkbox checked={ticked.value} onChange={(checked) => (ticked.value = checked)}>
          {t('agreement-tick-register')}
        </Checkbox>
        <div class="actions">
          <Button
            variant="primary"
            disabled={!ticked.value}
            onClick={() => {
              consent.value = true
              route('/register/form')
            }}
          >
            {t('agree')}
          </Button>
          <a href="/login">{t('register-have-account')}</a>
        </div>
      </div>
    </Page>
  )
}
