import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { t } from '../i18n'
import { Button, ButtonLink } from '../ui/button'
import { Notice } from '../ui/notice'
import { Page } from '../ui/page'

const SECONDS = 8

/** The account exists; the personal centre opens by itself, unless the person would rather stay. */
export function Registered({ phone }: { phone: string }) {
  const { route } = useLocation()
  const left = useSignal(SECONDS)
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
        <ButtonLink href="/me" look="primary" icon="person">
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
