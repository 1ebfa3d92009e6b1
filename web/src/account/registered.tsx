import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { t } from '../i18n'
import { Button, ButtonLink } from '../ui/button'
import { Notice } from '../ui/notice'
import { Page } from '../ui/page'

const REDIRECT_SECONDS = 8

/** Confirms the registration, then opens the personal centre after some seconds unless the person chooses to stay. */
export function Registered({ phone }: { phone: string }) {
  const { route } = useLocation()
  const left = useSignal(REDIRECT_SECONDS)
  const staying = useSignal(false)
  useEffect(() => {
    if (staying.value) return
    const timer = setInterval(() => {
      left.value -= 1
      if (left.peek() <= 0) route('/me', true)
    }, 1000)
    return () => clearInterval(timer)
  }, [staying.value])
  return (
    <Page title={t('register-done')} narrow>
      <Notice tone="pass" title={t('register-done-title', { phone })} live>
        {t('register-done-text')}
      </Notice>
      {!staying.value && <p>{t('register-to-me', { seconds: left.value })}</p>}
      <div class="actions">
        <ButtonLink href="/me" variant="primary" icon="person">
          {t('nav-me')}
        </ButtonLink>
        <ButtonLink href="/photos/new" icon="upload">
          {t('nav-new-photo')}
        </ButtonLink>
        {!staying.value && <Button onClick={() => (staying.value = true)}>{t('register-stay')}</Button>}
      </div>
    </Page>
  )
}
