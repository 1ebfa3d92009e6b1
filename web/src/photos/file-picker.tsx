import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../i18n'
import { bytes } from '../i18n/format'
import { Button } from '../ui/button'
import { FieldError, fieldId } from '../ui/field'
import { Icon } from '../ui/icon'
import type { PrecheckResult } from './precheck'

interface Props {
  file: File | undefined
  precheck: PrecheckResult | undefined
  error?: string | undefined
  onPick: (files: File[]) => void
  onClear: () => void
  onCamera: () => void
}

/**
 * Drop area, file button and camera button. The native input keeps the keyboard behaviour, but its text is not
 * translatable, so it is hidden.
 */
export function FilePicker({ file, precheck, error, onPick, onClear, onCamera }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const over = useSignal(false)
  const id = fieldId('photo')
  const take = (list: FileList | null | undefined) => list && list.length > 0 && onPick([...list])

  return (
    <div class="field" data-invalid={error ? '' : undefined}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the file input is the alternative for keyboards */}
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
        {file ? <PickedFile file={file} precheck={precheck} onClear={onClear} /> : <EmptyDropArea />}
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

function EmptyDropArea() {
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

function PickedFile({ file, precheck, onClear }: Pick<Props, 'precheck' | 'onClear'> & { file: File }) {
  const preview = useSignal('')
  useEffect(() => {
    const url = URL.createObjectURL(file)
    preview.value = url
    return () => URL.revokeObjectURL(url)
  }, [file])
  const size = precheck?.width ? t('picture-size', { width: precheck.width, height: precheck.height! }) : ''
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
