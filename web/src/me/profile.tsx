import { t } from '../i18n'
import { beijing } from '../i18n/format'
import { account } from '../session'
import { Descriptions } from '../ui/descriptions'
import { BindPhone } from './bind-phone'
import { MeFrame } from './frame'

export default function Profile() {
  const mine = account.value
  return (
    <MeFrame title={t('me-profile')}>
      <section class="card">
        {mine && (
          <Descriptions
            rows={[
              [t('profile-kind'), t(`profile-kind-${mine.kind}`)],
              [t('profile-user-name'), mine.userName],
              [t('profile-nickname'), mine.nickname ?? t('profile-none')],
              [t('profile-phone'), mine.phone ?? t('profile-none')],
              [t('profile-registered'), beijing(mine.registeredAt)],
            ]}
          />
        )}
      </section>
      <BindPhone />
    </MeFrame>
  )
}
