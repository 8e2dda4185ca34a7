import type { startEmulator } from 'imageferry/digitalocean/emulator'
import { field, type Send } from './talk.ts'

/** A request for every operation of DigitalOcean that the emulator has, and some that it refuses. `url` is that of a disk image. */
export const talkToDigitalOcean = async (
  send: Send,
  { addImage, addDroplet, clock }: Awaited<ReturnType<typeof startEmulator>>,
  url: string,
): Promise<void> => {
  const made = await send('POST', '/v2/images', {
    name: 'web',
    url,
    region: 'nyc3',
    distribution: 'Ubuntu',
    tags: ['web'],
  })
  const image = field(made, 'image', 'id')
  await send('GET', `/v2/images/${image}`)
  await clock.advance(600_000)
  await send('GET', `/v2/images/${image}`)
  await send('GET', '/v2/images?type=application&page=2&per_page=5')
  await send('GET', '/v2/images?private=true')
  await send('GET', '/v2/images?tag_name=web')
  await send('PUT', `/v2/images/${image}`, { name: 'site', distribution: 'Debian', description: 'A site' })
  const transfer = await send('POST', `/v2/images/${image}/actions`, { type: 'transfer', region: 'ams3' })
  const action = field(transfer, 'action', 'id')
  await send('GET', `/v2/images/${image}/actions?page=1&per_page=10`)
  await send('GET', `/v2/images/${image}/actions/${action}`)
  await send('GET', `/v2/actions/${action}`)
  await send('POST', '/v2/tags', { name: 'env:prod' })
  await send('GET', '/v2/tags')
  await send('GET', '/v2/tags/web')
  const resources = { resources: [{ resource_id: image, resource_type: 'image' }] }
  await send('POST', '/v2/tags/env:prod/resources', resources)
  await send('DELETE', '/v2/tags/env:prod/resources', resources)
  await send('DELETE', '/v2/tags/env:prod')
  const droplet = addDroplet()
  await send('GET', `/v2/droplets/${droplet}`)
  const capture = await send('POST', `/v2/droplets/${droplet}/actions`, { type: 'snapshot', name: 'nightly' })
  await send('GET', `/v2/droplets/${droplet}/actions?page=1&per_page=10`)
  await send('GET', `/v2/droplets/${droplet}/actions/${field(capture, 'action', 'id')}`)
  await clock.advance(3_600_000)
  await send('GET', `/v2/droplets/${droplet}/snapshots`)
  const snapshots = await send('GET', '/v2/snapshots?resource_type=droplet')
  const snapshot = field(snapshots, 'snapshots', 0, 'id')
  await send('GET', `/v2/snapshots/${snapshot}`)
  await send('DELETE', `/v2/snapshots/${snapshot}`)
  await send('GET', `/v2/snapshots/${image}`)
  await send('GET', '/v2/regions')
  await send('GET', '/v2/account')
  await send('DELETE', `/v2/images/${addImage({ name: 'old' })}`)
  await send('GET', '/v2/images/999')
  await send('GET', '/v2/images/no-such-slug')
  for (const end of ['accept', 'cancel', 'decline']) {
    const path = `/v2/images/${addImage({ name: end })}/account_transfer`
    const offered = await send('POST', path, { recipient_email: 'other@example.com' })
    const transfer = Number(field(offered, 'transfer_id'))
    await send('POST', `${path}/${end}`, { transfer_id: transfer, ...(end === 'accept' && { recipient_uuid: 'team' }) })
  }
}
