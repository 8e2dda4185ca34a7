import type { startEmulator } from 'imageferry/gcore/emulator'
import { field, type Send } from './talk.ts'

/** A request for every operation of Gcore that the emulator has, and some that it refuses. `url` is that of a disk image. */
export const talkToGcore = async (
  send: Send,
  { project, addVolume, clock }: Awaited<ReturnType<typeof startEmulator>>,
  url: string,
): Promise<void> => {
  const below = (kind: string, region = 148) => `/cloud/v1/${kind}/${project}/${region}`
  const begun = await send('POST', below('downloadimage'), {
    name: 'web',
    url,
    os_distro: 'ubuntu',
    tags: { env: 'prod' },
  })
  const task = field(begun, 'tasks', 0)
  await send('GET', `/cloud/v1/tasks/${task}`)
  await send('GET', `${below('tasks')}/active`)
  await clock.advance(3_600_000)
  const image = field(await send('GET', `/cloud/v1/tasks/${task}`), 'created_resources', 'images', 0)
  await send('GET', `/cloud/v1/tasks?project_id=${project}&state=FINISHED&limit=100&order_by=desc`)
  await send('GET', `${below('images')}?limit=5&offset=2&visibility=public&include_prices=true`)
  await send('GET', `${below('images')}/${image}?include_prices=true`)
  await send('GET', below('projectimages'))
  await send('GET', below('bmimages'))
  await send('POST', `${below('pricing')}/images`, { size: 10 })
  await send('GET', `${below('ai/images/gpu')}?visibility=public`)
  const metadata = `${below('images')}/${image}/metadata`
  await send('POST', metadata, { os: 'x', team: 'one' })
  await send('GET', metadata)
  await send('PUT', metadata, { env: 'prod' })
  await send('GET', `${metadata}_item?key=env`)
  await send('DELETE', `${metadata}_item?key=env`)
  await send('PATCH', `${below('images')}/${image}`, {
    ...{ name: 'site', os_type: 'linux', ssh_key: 'deny', hw_firmware_type: 'uefi', hw_machine_type: 'q35' },
    ...{ is_baremetal: false, tags: { env: null, team: 'web' } },
  })
  const volume = addVolume({ region_id: 148 })
  await send('POST', below('images'), { name: 'volume', volume_id: volume, source: 'volume' })
  await send('POST', below('bmimages'), {
    name: 'metal',
    volume_id: volume,
    source: 'volume',
    hw_firmware_type: 'uefi',
  })
  for (const kind of ['virtual', 'baremetal']) {
    const gpu = `/cloud/v3/gpu/${kind}/${project}/148/images`
    await send('POST', gpu, { name: 'gpu', url, hw_firmware_type: 'uefi' })
    await clock.advance(3_600_000)
    const images = await send('GET', gpu)
    const one = `${gpu}/${field(images, 'results', 0, 'id')}`
    await send('GET', one)
    await send('PATCH', one, { name: 'renamed' })
    await send('DELETE', one)
  }
  await send('DELETE', `${below('images')}/${image}`)
  await send('GET', '/cloud/v1/regions')
  await send('GET', '/cloud/v1/regions/76')
  await send('GET', '/cloud/v1/projects')
  await send('GET', `/cloud/v1/projects/${project}`)
  await send('GET', '/cloud/v2/regional_quotas/123/76')
  await send('GET', '/cloud/v2/client_quotas')
  await send('GET', '/cloud/v2/global_quotas/123')
  await send('GET', '/iam/clients/me')
  await send('GET', '/cloud/public/v1/ipranges/egress')
  const requested_limits = { global_limits: {}, regional_limits: [{ region_id: 76, image_count_limit: 200 }] }
  await send('POST', '/cloud/v2/limits_request', { description: 'More images', requested_limits })
  const requests = await send('GET', '/cloud/v2/limits_request?limit=10&status=in%20progress')
  const request = `/cloud/v2/limits_request/${field(requests, 'results', 0, 'id')}`
  await send('GET', request)
  await send('DELETE', request)
  await send('POST', `/cloud/v1/tasks/${task}/acknowledge`)
  await send('POST', '/cloud/v1/tasks/acknowledge', { task_ids: [task] })
  await send('POST', `/cloud/v1/tasks/acknowledge_all?project_id=${project}&region_id=148`)
  await send('GET', `${below('images')}/no-such-image`)
  await send('POST', below('downloadimage', 6), { name: 'full', url })
}
