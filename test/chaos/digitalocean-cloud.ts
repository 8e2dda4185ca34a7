import { digitalOcean } from 'imageferry/digitalocean'
import {
  type DigitalOceanEmulatorOptions,
  type DigitalOceanState,
  startEmulator,
} from 'imageferry/digitalocean/emulator'
import type { Cloud, CloudSetting, ServerImage, ServerImport } from './cloud.ts'
import type { Draws } from './draws.ts'

type StoredImage = DigitalOceanState['images'][number]

/** Behind a description: the key of an import, and a digest of what was asked for. Behind a name: that of a capture, and its server. */
const trailer = / ?\[imageferry:1:([^:\]]*):[0-9a-f]*(?::\d+)?\]$/

const refOf = ({ id }: StoredImage): string => `digitalocean:${id}`

const shown = (image: StoredImage, nowMs: number): ServerImage => ({
  ref: refOf(image),
  name: image.name.replace(trailer, ''),
  description: image.description.replace(trailer, ''),
  tags: image.tags.map((name) => name.replace(/:.*/, '')),
  regions: image.regions,
  key: (trailer.exec(image.description) ?? trailer.exec(image.name))?.[1],
  isReady: image.status === 'available',
  isListed: (image.listedFromMs ?? 0) <= nowMs,
})

const imported = (image: StoredImage): ServerImport => {
  if (image.status === 'deleted') return { state: image.error_message === '' ? 'made' : 'failed', image: refOf(image) }
  return { state: image.status === 'available' ? 'made' : 'under-way', image: refOf(image) }
}

const captureStates = { 'in-progress': 'under-way', completed: 'made', errored: 'failed' } as const

const captured = ({ actions, images }: DigitalOceanState, action: string): ServerImport | undefined => {
  const found = actions.find(({ id }) => String(id) === action)
  if (found === undefined) return undefined
  const image = images.find(
    ({ droplet, created_at }) =>
      droplet === found.resourceId && Date.parse(created_at) === Math.floor(found.startedAtMs / 1000) * 1000,
  )
  return { state: captureStates[found.status], image: image && refOf(image) }
}

/** An emulated DigitalOcean that behaves in one of its ways, which is drawn. */
export const digitalOceanCloud = async (
  { pick, chance, integer }: Draws,
  { clock, runtime, stores, observer }: CloudSetting,
): Promise<Cloud> => {
  const imageListedAfter = pick(0, 0, 0, 5_000, 30_000, 110_000)
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
    // Two processes can keep one image only where each is listed, late as it may be carried out, before the other's import has ended.
    importDuration: stores > 1 && imageListedAfter > 30_000 ? 300_000 : pick(40_000, 120_000, 300_000),
    actionDuration: pick(20_000, 120_000),
    snapshotDuration: pick(40_000, 180_000),
    imageListedAfter,
    imageReadableAfter: pick(0, 0, 0, 5_000),
    actionReadableAfter: pick(0, 0, 10_000),
  } satisfies DigitalOceanEmulatorOptions
  const emulator = await startEmulator({ ...manner, clock })
  const others = chance(0.2) ? 230 : 3
  for (let index = 0; index < others; index += 1) emulator.addImage({ name: `other-${index}` })
  const state = emulator.saveState()
  // Nobody asks for public images here, and each look at the server would copy them.
  emulator.restoreState({ ...state, images: state.images.filter((image) => !image.public) })
  return {
    name: 'digitalocean',
    stores: Array.from({ length: stores }, () =>
      digitalOcean({ token: emulator.token, baseUrl: emulator.baseUrl, runtime, observer }),
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
        .map((image) => shown(image, clock.now())),
    addMachine: (region) => String(emulator.addDroplet({ region })),
    importOf: (operation) => {
      const state = emulator.saveState()
      const [, action] = /:capture\/\d+\/(\d+)/.exec(operation) ?? []
      if (action !== undefined) return captured(state, action)
      const [, id] = /:(?:import|captured)\/(\d+)$/.exec(operation) ?? []
      const image = state.images.find((one) => String(one.id) === id)
      return image && imported(image)
    },
    tellsKeys: true,
    isBusy: () => {
      const { actions, images } = emulator.saveState()
      return (
        actions.some(({ status }) => status === 'in-progress') ||
        images.some(({ status }) => status === 'NEW' || status === 'pending')
      )
    },
    close: emulator.close,
  }
}
