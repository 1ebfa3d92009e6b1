import { useSignal } from '@preact/signals'
import { api, outcome, type Schemas } from '../api/client'
import type { Problem } from '../api/problem'
import { useQuery } from '../api/use-query'
import { t } from '../i18n'
import { beijing } from '../i18n/format'
import { Button } from '../ui/button'
import { Loading } from '../ui/empty-state'
import { ProblemNotice } from '../ui/notice'
import { StatusTag } from '../ui/status-tag'
import { AccountLayout } from './account-layout'

/** 登录设备: the sessions of the account. All but the current one can be ended. */
export default function DevicesPage() {
  const { data, problem, refetch } = useQuery(() => outcome(api.GET('/v1/sessions')), [])
  const endProblem = useSignal<Problem | undefined>(undefined)
  async function end(sessionId: string) {
    const ended = await outcome(api.DELETE('/v1/sessions/{sessionId}', { params: { path: { sessionId } } }))
    // 404: the session has already ended.
    endProblem.value = ended.ok || ended.problem.status === 404 ? undefined : ended.problem
    refetch()
  }
  const shown = endProblem.value ?? problem
  return (
    <AccountLayout title={t('me-devices')} lead={t('devices-lead')}>
      {shown && <ProblemNotice problem={shown} retry={refetch} />}
      {!data && !problem && <Loading label={t('loading')} />}
      {data && (
        <ul class="cards">
          {data.map((device) => (
            <Device key={device.sessionId} device={device} onEnd={() => void end(device.sessionId)} />
          ))}
        </ul>
      )}
    </AccountLayout>
  )
}

function Device({ device, onEnd }: { device: Schemas['SessionItem']; onEnd: () => void }) {
  return (
    <li class="card stack">
      <p class="device-name">{device.device || t('device-unnamed')}</p>
      <p class="small muted">
        {t('device-seen', {
          address: device.address,
          started: beijing(device.startedAt),
          used: beijing(device.usedAt),
        })}
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
