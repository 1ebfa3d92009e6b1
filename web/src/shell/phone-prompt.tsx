import { useLocation } from 'preact-iso'
import { t } from '../i18n'
import { phoneWanted } from '../session'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'

/** Accounts of the old system have no phone: after signing in they are asked for one, and led there. */
export function PhonePrompt() {
  const { route } = useLocation()
  if (!phoneWanted.value) return null
  const close = () => (phoneWanted.value = false)
  return (
    <Dialog title={t('phone-prompt')} onClose={close}>
      <p>{t('phone-prompt-text')}</p>
      <div class="actions">
        <Button
          look="primary"
          onClick={() => {
            close()
            route('/me/phone')
          }}
        >
          {t('phone-prompt-go')}
        </Button>
        <Button onClick={close}>{t('phone-prompt-later')}</Button>
      </div>
    </Dialog>
  )
}
