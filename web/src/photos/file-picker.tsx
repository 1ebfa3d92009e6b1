import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { bytes } from '../i18n/format'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { FieldError, fieldId } from '../ui/field'
import { Icon } from '../ui/icon'
import type { Look } from './precheck'

interface Props {
  file: File | undefined
  look: Look | undefined
  error?: string | undefined
  onPick: (files: File[]) => void
  onClear: () => void
  onCamera: () => void
}

/** One place to drop, choose or take a photo. The native input stays for the keyboard, but its text is ours. */
export function FilePicker({ file, look, error, onPick, onClear, onCamera }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const over = useSignal(false)
  const id = fieldId('photo')
  const take = (list: FileList | null | undefined) => list && list.length > 0 && onPick([...list])

  return (
    <div class="field" data-invalid={error ? '' : undefined}>
      <div
        class="drop"
        data-over={over.value ? '' : undefined}
        onDragOver={(event) => {
          event.preventDefault()
          over.value = true
        }}
        onDragLeave={() => (over.value = false)}
        onDrop={(event) => {
          event.preventDefault()
          over.value = false
          take(event.dataTransfer?.files)
        }}
      >
        {file ? <Picked file={file} look={look} onClear={onClear} /> : <Invitation />}
        <div class="actions drop-actions">
          <input
            ref={input}
            class="visually-hidden"
            id={id}
            type="file"
            accept="image/jpeg,.jpg,.jpeg"
            aria-describedby={error ? `${id}-hint ${id}-error` : `${id}-hint`}
            aria-invalid={error ? true : undefined}
            onChange={(event) => {
              take(event.currentTarget.files)
              event.currentTarget.value = ''
            }}
          />
          <label class="button" for={id}>
            <Icon name="image" />
            <span>{t(file ? 'pick-another' : 'pick')}</span>
          </label>
          <Button icon="camera" onClick={onCamera}>
            {t('camera')}
          </Button>
        </div>
      </div>
      <p class="field-hint" id={`${id}-hint`}>
        {t('pick-hint')}
      </p>
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  )
}

function Invitation() {
  return (
    <div class="drop-empty">
      <span class="drop-plus" aria-hidden="true">
        +
      </span>
      <p class="drop-title">{t('add-picture')}</p>
      <p class="muted small">{t('drop-hint')}</p>
    </div>
  )
}

function Picked({ file, look, onClear }: Pick<Props, 'look' | 'onClear'> & { file: File }) {
  const preview = useSignal('')
  useEffect(() => {
    const made = URL.createObjectURL(file)
    preview.value = made
    return () => URL.revokeObjectURL(made)
  }, [file])
  const size = look?.width ? t('picture-size', { width: look.width, height: look.height! }) : ''
  return (
    <div class="picked">
      {preview.value && <img src={preview.value} alt={t('picked-alt')} />}
      <div class="picked-text">
        <p class="picked-name">{file.name}</p>
        <p class="muted small figures">
          {bytes(file.size)} {size && `· ${size}`}
        </p>
      </div>
      <button type="button" class="icon-button" aria-label={t('pick-remove')} onClick={onClear}>
        <Icon name="trash" />
      </button>
    </div>
  )
}
