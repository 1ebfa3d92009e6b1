import { t } from '../i18n'
import { Checkbox } from '../ui/choice'
import { FieldError, fieldId } from '../ui/field'

interface Props {
  checked: boolean
  error?: string | undefined
  onChange: (checked: boolean) => void
}

/** The consent to the user agreement, with a link to its text. */
export function AgreementTick({ checked, error, onChange }: Props) {
  const id = fieldId('agreement')
  return (
    <div class="field" data-invalid={error ? '' : undefined}>
      <Checkbox id={id} checked={checked} error={error} onChange={onChange}>
        {t('agreement-tick')}
      </Checkbox>
      <a class="small" href="/register">
        {t('agreement-read')}
      </a>
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  )
}
