import { useLocation } from 'preact-iso'
import { api, outcome } from '../api/client'
import { t } from '../i18n'
import { account } from '../session'
import { Button } from '../ui/button'
import { ErrorSummary } from '../ui/error-summary'
import { Field } from '../ui/field'
import { useForm } from '../ui/form'
import { ProblemNotice } from '../ui/notice'
import { useSubmit } from '../ui/use-submit'
import { MeFrame } from './frame'

/** 修改昵称 */
export default function NicknamePage() {
  const { route } = useLocation()
  const form = useForm({ nickname: account.peek()?.nickname ?? '' })
  const { busy, problem, submit } = useSubmit(form)
  const nickname = form.values.nickname.trim()
  async function send(event: Event) {
    event.preventDefault()
    const missing = nickname ? {} : { nickname: t('nickname-missing') }
    const made = await submit(missing, () => outcome(api.PATCH('/v1/me', { body: { nickname } })))
    if (!made) return
    account.value = made.data
    route('/me')
  }
  return (
    <MeFrame title={t('nickname-change')}>
      <form class="card stack" noValidate onSubmit={(event) => void send(event)}>
        <ErrorSummary errors={form.errors} refusals={form.refusals} order={['nickname']} />
        {problem && <ProblemNotice problem={problem} />}
        <Field name="nickname" label={t('profile-nickname')} hint={t('nickname-hint')} error={form.errors.nickname} required>
          {(control) => (
            <input
              {...control}
              class="control"
              value={form.values.nickname}
              autocomplete="nickname"
              onInput={(event) => form.set('nickname', event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="actions">
          <Button type="submit" look="primary" busy={busy}>
            {t('save')}
          </Button>
          <a href="/me">{t('back')}</a>
        </div>
      </form>
    </MeFrame>
  )
}
