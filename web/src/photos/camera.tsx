import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Notice } from '../ui/notice'
import './camera.css'

interface Props {
  onShot: (file: File) => void
  onClose: () => void
}

/**
 * Takes a photo with the device's camera behind a guide. If the camera is missing or denied, it shows what to do
 * instead.
 */
export default function Camera({ onShot, onClose }: Props) {
  const video = useRef<HTMLVideoElement>(null)
  const state = useSignal<'asking' | 'live' | 'denied' | 'missing'>('asking')

  useEffect(() => {
    let stream: MediaStream | undefined
    let unmounted = false
    const constraints = { facingMode: 'user', width: { ideal: 1920 }, height: { ideal: 1080 } }
    void (async () => {
      try {
        const opened = await navigator.mediaDevices.getUserMedia({ video: constraints })
        if (unmounted) return stopTracks(opened)
        stream = opened
        video.current!.srcObject = opened
        await video.current!.play()
        state.value = 'live'
      } catch (cause) {
        const name = cause instanceof DOMException ? cause.name : ''
        state.value = name === 'NotAllowedError' ? 'denied' : 'missing'
      }
    })()
    return () => {
      unmounted = true
      if (stream) stopTracks(stream)
    }
  }, [])

  async function shoot() {
    const file = await captureFrame(video.current!)
    if (file) onShot(file)
  }

  const unavailable = state.value === 'denied' || state.value === 'missing'
  return (
    <Dialog title={t('camera-title')} onClose={onClose}>
      {unavailable ? (
        <Notice tone="warn" title={t(`camera-${state.value}`)} live>
          {t('camera-instead')}
        </Notice>
      ) : (
        <div class="camera">
          <video ref={video} muted playsInline />
          <svg viewBox="0 0 300 370" aria-hidden="true" focusable="false">
            <path
              class="camera-shade"
              fill-rule="evenodd"
              d="M0 0H300V370H0ZM150 40C205 40 226 88 226 140C226 205 190 262 150 262C110 262 74 205 74 140C74 88 95 40 150 40Z"
            />
            <path
              class="camera-guide"
              d="M150 40C205 40 226 88 226 140C226 205 190 262 150 262C110 262 74 205 74 140C74 88 95 40 150 40ZM20 370c4-48 40-76 90-84M280 370c-4-48-40-76-90-84"
            />
          </svg>
        </div>
      )}
      <p class="field-hint">{t('camera-hint')}</p>
      <div class="actions camera-actions">
        {!unavailable && (
          <Button variant="primary" icon="camera" disabled={state.value !== 'live'} onClick={() => void shoot()}>
            {t('camera-shoot')}
          </Button>
        )}
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </Dialog>
  )
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

/** The current frame, cropped to the guide's aspect ratio (300 x 370). Only the preview is mirrored, not this frame. */
async function captureFrame(video: HTMLVideoElement): Promise<File | undefined> {
  const height = video.videoHeight
  const width = Math.min(video.videoWidth, Math.round((height * 300) / 370))
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')!.drawImage(video, (video.videoWidth - width) / 2, 0, width, height, 0, 0, width, height)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.95))
  return blob ? new File([blob], `camera-${Date.now()}.jpg`, { type: 'image/jpeg' }) : undefined
}
