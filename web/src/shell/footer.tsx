import { t } from '../i18n'

export function Footer() {
  return (
    <footer class="site-footer">
      <div class="bar">
        <p>{t('footer-name')}</p>
        <p class="muted small">{t('footer-privacy')}</p>
      </div>
    </footer>
  )
}
