import { useSignal } from '@preact/signals'
import { api, outcome, type Schemas } from '../api/client'
import type { Problem } from '../api/problem'
import { useAnswer } from '../api/use-answer'
import { t } from '../i18n'
import { beijing } from '../i18n/format'
import { Button } from '../ui/button'
import { Loading } from '../ui/empty-state'
import { ProblemNotice } from '../ui/notice'
import { StatusTag } from '../ui/status-tag'
import { MeFrame } from './frame'

/** Where the account is signed in; any other place can be signed out. */
export default function DevicesPage() {
  const { data, problem, again } = useAnswer(() => outcome(api.GET('/v1/sessions')), [])
  const refused = useSignal<Problem | undefined>(undefined)
  async function end(sessionId: string) {
    const answer = await outcome(api.DELETE('/v1/sessions/{sessionId}', { params: { path: { sessionId } } }))
    // Gone already is as good.
    refused.value = answer.ok || answer.problem.status === 404 ? undefined : answer.problem
    again()
  }
  const shown = refused.value ?? problem
  return (
    <MeFrame title={t('me-devices')} lead={t('devices-lead')}>
      {shown && <ProblemNotice problem={shown} retry={again} />}
      {!data && !problem && <Loading label={t('loading')} />}
      {data && (
        <ul class="cards">
          {data.map((device) => (
            <Device key={device.sessionId} device={device} onEnd={() => void end(device.sessionId)} />
          ))}
        </ul>
      )}
    </MeFrame>
  )
}

function Device({ device, onEnd }: { device: Schemas['SessionItem']; onEnd: () => void }) {
  return (
    <li class="card stack">
      <p class="device-name">{device.device || t('device-unnamed')}</p>
      <p class="small muted">
        {t('device-seen', { address: device.address, started: beijing(device.startedAt), used: beijing(device.usedAt) })}
      </p>
      {device.current ? (
        <StatusTag tone="pass">{t('device-this')}</StatusTag>
      ) : (
        <div class="actions">
          <Button onClick={onEnd}>{t('device-end')}</Button>
        </div>
      )}
    </li>
  )
}
