import { gcore } from 'imageferry/gcore'
import { type GcoreEmulatorOptions, type GcoreState, startEmulator } from 'imageferry/gcore/emulator'
import type { Cloud, CloudSetting, ServerImage } from './cloud.ts'
import type { Draws } from './draws.ts'

const keyTag = 'imageferry-key'

/** The regions that the stores name. */
const regions = [76, 148]

/** An emulated Gcore that behaves in one of its ways, which is drawn. */
export const gcoreCloud = async (
  { pick, chance, integer }: Draws,
  { clock, runtime, stores, observer }: CloudSetting,
): Promise<Cloud> => {
  const taskListLag = pick(0, 0, 1_000, 30_000, 120_000)
  const manner = {
    seed: integer(1, 1_000_000),
    // Two processes can keep one image only where each is listed, late as it may be carried out, before the other's import has ended.
    importDuration: stores > 1 && taskListLag > 30_000 ? 300_000 : pick(40_000, 200_000, [60_000, 400_000]),
    settleDuration: pick(0, 20_000, 120_000),
    settleShare: pick(1, 0.25),
    settleSize: pick(0, null),
    earlyError: pick(0, 30_000),
    failedImport: pick('nothing', 'killed'),
    taskListLag,
    taskData: pick('full', 'name-and-url', 'none'),
    tagsEra: pick('tags_v2', 'tags', 'strings', 'tags_v2-and-tags'),
    pagination: pick('honoured', 'ignored'),
    filters: pick('honoured', 'older', 'ignored'),
    listOrder: pick('newest', 'oldest', 'id'),
    patchAnswer: pick('image', 'three-fields'),
    lockStatus: pick(409, 409, 423),
    requestIds: pick('always', 'never'),
  } satisfies GcoreEmulatorOptions
  const emulator = await startEmulator({ ...manner, clock })
  const others = chance(0.2) ? 60 : 3
  for (let index = 0; index < others; index += 1)
    emulator.addImage({ name: `other-${index}`, region_id: regions[index % regions.length] ?? 76 })
  const state = emulator.saveState()
  // Nobody asks for public images here, and each look at the server would copy them.
  emulator.restoreState({ ...state, images: state.images.filter((image) => image.own) })
  const { project } = emulator
  const refOf = ({ id, region_id }: Pick<GcoreState['images'][number], 'id' | 'region_id'>) =>
    `gcore:${project}/${region_id}/${id}`
  const shown = (image: GcoreState['images'][number]): ServerImage => ({
    ref: refOf(image),
    name: image.name,
    description: image.description ?? '',
    tags: image.tags.map(({ key }) => key).filter((key) => key !== keyTag),
    regions: [String(image.region_id)],
    key: image.tags.find(({ key }) => key === keyTag)?.value.split(':')[1],
    isReady: image.status === 'active' && image.size !== 0 && image.size !== null,
    isListed: true,
  })
  const images = (): readonly ServerImage[] =>
    emulator
      .saveState()
      .images.filter(({ status }) => status !== 'killed')
      .map(shown)
  const shownAs = (ref: string): ServerImage | undefined => images().find((image) => image.ref === ref)
  return {
    name: 'gcore',
    stores: Array.from({ length: stores }, () =>
      gcore({ apiKey: emulator.apiKey, project, baseUrl: emulator.baseUrl, regions, runtime, observer }),
    ),
    manner,
    faults: emulator.faults,
    requests: emulator.requests,
    secret: emulator.apiKey,
    failures: emulator.failures,
    images,
    tellsKeys: manner.taskData !== 'none',
    addMachine: (region) => emulator.addVolume({ region_id: Number(region) }),
    importOf: (operation) => {
      const made = shownAs(operation.replace('/image/', '/'))
      if (made !== undefined) return { state: made.isReady ? 'made' : 'under-way', image: made.ref }
      const task = emulator.saveState().tasks.find(({ id }) => operation.endsWith(`/task/${id}`))
      if (task === undefined) return undefined
      // An error may be told before the state says so.
      if (task.state === 'ERROR' || task.error !== null) return { state: 'failed', image: undefined }
      const [image] = task.images ?? []
      return image === undefined
        ? { state: 'under-way', image }
        : { state: 'made', image: refOf({ id: image, region_id: task.region_id }) }
    },
    isBusy: () => emulator.saveState().tasks.some(({ state }) => state === 'NEW' || state === 'RUNNING'),
    close: emulator.close,
  }
}
