import { t } from '../i18n'
import { signIn } from '../session'
import { Button } from '../ui/button'
import { ErrorSummary } from '../ui/error-summary'
import { useForm } from '../ui/form'
import { useSubmit } from '../ui/use-submit'
import { AgreementTick } from './agreement-tick'
import { EMPTY_PHONE, usePhoneVerification } from './sms-verification'

const EMPTY = { ...EMPTY_PHONE, agreement: false }
const ORDER = Object.keys(EMPTY)

/** 短信登录 */
export function SmsLogin({ onDone }: { onDone: () => void }) {
  const form = useForm(EMPTY)
  const verification = usePhoneVerification(form, 'sign-in')
  const { busy, problem, submit } = useSubmit(form)
  const { values, errors } = form

  async function onSubmit(event: Event) {
    event.preventDefault()
    const localErrors = { ...verification.errors(), ...(!values.agreement && { agreement: t('agreement-missing') }) }
    if (await submit(localErrors, () => signIn({ grant: 'sms', ...verification.values() }))) onDone()
  }

  return (
    <form class="card stack" noValidate onSubmit={(event) => void onSubmit(event)}>
      <ErrorSummary form={form} order={ORDER} problem={problem ?? verification.problem} />
      {verification.fields}
      <AgreementTick
        checked={values.agreement}
        error={errors.agreement}
        onChange={(checked) => form.set('agreement', checked)}
      />
      <div class="actions">
        <Button type="submit" variant="primary" busy={busy}>
          {t('login')}
        </Button>
      </div>
    </form>
  )
}
