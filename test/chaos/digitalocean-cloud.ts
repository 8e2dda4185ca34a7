import type { Runtime } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import {
  type DigitalOceanEmulatorOptions,
  type DigitalOceanState,
  startEmulator,
} from 'imageferry/digitalocean/emulator'
import type { VirtualClock } from '../../src/emulator/clock.ts'
import type { Cloud, ServerImage } from './cloud.ts'
import type { Draws } from './draws.ts'

/** Behind a description: the key of an import, and a digest of what was asked for. */
const trailer = / ?\[imageferry:1:([^:\]]*):[0-9a-f]*\]$/

const shown = (image: DigitalOceanState['images'][number]): ServerImage => ({
  ref: `digitalocean:${image.id}`,
  name: image.name,
  description: image.description.replace(trailer, ''),
  tags: image.tags.map((name) => name.replace(/:.*/, '')),
  regions: image.regions,
  key: trailer.exec(image.description)?.[1],
  isReady: image.status === 'available',
})

/** An emulated DigitalOcean that behaves in one of its ways, which is drawn. */
export const digitalOceanCloud = async (
  { pick, chance, integer }: Draws,
  { clock, runtime, stores }: { readonly clock: VirtualClock; readonly runtime: Runtime; readonly stores: number },
): Promise<Cloud> => {
  const manner = {
    seed: integer(1, 1_000_000),
    statusCase: pick('upper', 'lower'),
    links: pick('always', 'omitted-when-one-page', 'empty-object'),
    linksKeep: pick('query', 'page-only'),
    listOrder: pick('seen', 'newest-first', 'oldest-first'),
    singleType: pick('present', 'absent'),
    noTags: pick('empty-list', 'null'),
    deletedAnswers: pick('404', 'deleted'),
    deletedAgain: pick('422', '400', '404'),
    transferAgain: pick('refused', 'accepted'),
    errors: pick('live', 'spec-words', 'empty-id', 'no-body', 'further-keys'),
    requestId: pick('both', 'header', 'body'),
    rateLimit: pick('enforced', 'headers-only'),
    importDuration: pick(40_000, 120_000, 300_000),
    actionDuration: pick(20_000, 120_000),
    imageListedAfter: pick(0, 0, 0, 5_000, 30_000),
    imageReadableAfter: pick(0, 0, 0, 5_000),
    actionReadableAfter: pick(0, 0, 10_000),
  } satisfies DigitalOceanEmulatorOptions
  const emulator = await startEmulator({ ...manner, clock })
  const others = chance(0.2) ? 230 : 3
  for (let index = 0; index < others; index += 1) emulator.addImage({ name: `other-${index}` })
  const state = emulator.saveState()
  // Nobody asks for public images here, and each look at the server would copy them.
  emulator.restoreState({ ...state, images: state.images.filter((image) => !image.public) })
  const stateOf = (id: string) => emulator.saveState().images.find((image) => String(image.id) === id)
  return {
    name: 'digitalocean',
    stores: Array.from({ length: stores }, () =>
      digitalOcean({ token: emulator.token, baseUrl: emulator.baseUrl, runtime }),
    ),
    manner,
    faults: emulator.faults,
    requests: emulator.requests,
    secret: emulator.token,
    failures: emulator.failures,
    images: () =>
      emulator
        .saveState()
        .images.filter(({ status }) => status !== 'deleted')
        .map(shown),
    importOf: (operation) => {
      const [, id = ''] = operation.split(':import/')
      const image = stateOf(id)
      if (image === undefined) return undefined
      const ref = `digitalocean:${id}`
      if (image.status === 'deleted') return { state: image.error_message === '' ? 'made' : 'failed', image: ref }
      return { state: image.status === 'available' ? 'made' : 'under-way', image: ref }
    },
    close: emulator.close,
  }
}
