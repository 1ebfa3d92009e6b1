import { t } from '../i18n'
import { signIn } from '../session'
import { Button } from '../ui/button'
import { ErrorSummary } from '../ui/error-summary'
import { useForm } from '../ui/form'
import { ProblemNotice } from '../ui/notice'
import { useSubmit } from '../ui/use-submit'
import { AgreementTick } from './agreement-tick'
import { NO_PROOF, usePhoneProof } from './phone-proof'

const BLANK = { ...NO_PROOF, agreement: false }

/** 短信登录 */
export function SmsLogin({ onDone }: { onDone: () => void }) {
  const form = useForm(BLANK)
  const proof = usePhoneProof(form, 'sign-in')
  const { busy, problem, submit } = useSubmit(form)
  const { values, errors } = form

  async function send(event: Event) {
    event.preventDefault()
    const missing = { ...proof.missing(), ...(!values.agreement && { agreement: t('agreement-missing') }) }
    if (await submit(missing, () => signIn({ grant: 'sms', ...proof.given() }))) onDone()
  }

  const refused = problem ?? proof.problem
  return (
    <form class="card stack" noValidate onSubmit={(event) => void send(event)}>
      <ErrorSummary errors={errors} refusals={form.refusals} order={Object.keys(BLANK)} />
      {refused && <ProblemNotice problem={refused} />}
      {proof.fields}
      <AgreementTick
        checked={values.agreement}
        error={errors.agreement}
        onChange={(checked) => form.set('agreement', checked)}
      />
      <div class="actions">
        <Button type="submit" look="primary" busy={busy}>
          {t('login')}
        </Button>
      </div>
    </form>
  )
}
