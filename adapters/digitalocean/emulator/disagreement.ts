import { repeatedIn } from '../../../src/emulator/shape.ts'
import { regionBySlug } from './regions.ts'
import type { SavedState } from './saved-state.ts'
import { isOfImport } from './step.ts'

const idsOf = <Id>(rows: readonly { readonly id: Id }[]): readonly Id[] => rows.map(({ id }) => id)

const repeated = (state: SavedState): string | undefined => {
  const lists = {
    images: idsOf(state.images),
    droplets: idsOf(state.droplets),
    volumeSnapshots: idsOf(state.volumeSnapshots),
    actions: idsOf(state.actions),
    tags: state.tags.map(({ name }) => name.toLowerCase()),
  }
  for (const [list, ids] of Object.entries(lists)) {
    const twice = repeatedIn<string | number>(ids)
    if (twice !== undefined) return `${list} has ${twice} twice${list === 'tags' ? ', whatever its case' : ''}`
  }
  return undefined
}

/** An id to come must be above those that there are, or one of them would be given again. */
const reused = ({ lastIds, images, actions, droplets }: SavedState): string | undefined => {
  const counted = { image: images, action: actions, droplet: droplets } as const
  for (const kind of ['image', 'action', 'droplet'] as const) {
    const above = counted[kind].find(({ id }) => id > lastIds[kind])
    if (above !== undefined) return `lastIds.${kind} is ${lastIds[kind]}, and there is ${above.id} already`
  }
  return undefined
}

const unknownInSteps = (state: SavedState): string | undefined => {
  const images = new Set(idsOf(state.images))
  const actions = new Set(idsOf(state.actions))
  for (const [index, step] of state.steps.entries()) {
    if (!isOfImport(step)) {
      if (!actions.has(step.action)) return `steps.${index}: there is no action ${step.action}`
    } else if (!images.has(step.image)) return `steps.${index}: there is no image ${step.image}`
    else if (regionBySlug(step.region) === undefined) return `steps.${index}: there is no region ${step.region}`
  }
  return undefined
}

/** What does not go together in a state whose parts are each as they should be. */
export const disagreement = (state: SavedState): string | undefined =>
  repeated(state) ?? reused(state) ?? unknownInSteps(state)
