import { useLocation } from 'preact-iso'
import { api, outcome } from '../api/client'
import { t } from '../i18n'
import { account } from '../session'
import { Button } from '../ui/button'
import { ErrorSummary } from '../ui/error-summary'
import { useForm } from '../ui/form'
import { TextField } from '../ui/text-field'
import { useSubmit } from '../ui/use-submit'
import { AccountLayout } from './account-layout'

/** 修改昵称 */
export default function NicknamePage() {
  const { route } = useLocation()
  const form = useForm({ nickname: account.peek()?.nickname ?? '' })
  const { busy, problem, submit } = useSubmit(form)
  const nickname = form.values.nickname.trim()
  async function onSubmit(event: Event) {
    event.preventDefault()
    const localErrors = nickname ? {} : { nickname: t('nickname-missing') }
    const changed = await submit(localErrors, () => outcome(api.PATCH('/v1/me', { body: { nickname } })))
    if (!changed) return
    account.value = changed.data
    route('/me')
  }
  return (
    <AccountLayout title={t('nickname-change')}>
      <form class="card stack" noValidate onSubmit={(event) => void onSubmit(event)}>
        <ErrorSummary form={form} order={['nickname']} problem={problem} />
        <TextField
          form={form}
          name="nickname"
          label={t('profile-nickname')}
          hint={t('nickname-hint')}
          required
          input={{ autocomplete: 'nickname' }}
        />
        <div class="actions">
          <Button type="submit" variant="primary" busy={busy}>
            {t('save')}
          </Button>
          <a href="/me">{t('back')}</a>
        </div>
      </form>
    </AccountLayout>
  )
}
