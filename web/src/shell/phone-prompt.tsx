import { useLocation } from 'preact-iso'
import { t } from '../i18n'
import { phonePromptOpen } from '../session'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'

/** Asks the owner of an imported account without a phone to bind one, once after signing in. */
export function PhonePrompt() {
  const { route } = useLocation()
  if (!phonePromptOpen.value) return null
  const close = () => (phonePromptOpen.value = false)
  return (
    <Dialog title={t('phone-prompt')} onClose={close}>
      <p>{t('phone-prompt-text')}</p>
      <div class="actions">
        <Button
          variant="primary"
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
