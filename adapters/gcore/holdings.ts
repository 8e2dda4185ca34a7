import type { ImageQuery } from '../../src/model/query.ts'
import { gpuNamespaces } from './namespaces.ts'
import type { Stop } from './regional.ts'
import type * as Wire from './wire.ts'

/** What images a region may hold. */
export interface Holdings {
  readonly virtual: boolean
  readonly bareMetal: boolean
  readonly gpu: boolean
}

/** The states of a region before it can hold anything, and after. Source: RegionState. */
const empty: ReadonlySet<string> = new Set(['NEW', 'DELETING', 'DELETED'])

/**
 * What a region may hold, by its flags: also one that takes no imports at the moment, such as one under maintenance. What is
 * not told may be, and a region that the list does not name may hold anything. That `has_ai_gpu` is the flag of both
 * namespaces of GPU images is unconfirmed, so that a region with `has_ai` counts as well. Source: RegionSerializer.
 */
export const holdingsOf = (region: Wire.Region | undefined): Holdings => {
  if (typeof region?.state === 'string' && empty.has(region.state))
    return { virtual: false, bareMetal: false, gpu: false }
  return {
    virtual: region?.has_kvm !== false,
    bareMetal: region?.has_baremetal !== false,
    gpu: region?.has_ai_gpu !== false || region.has_ai === true,
  }
}

/** Images for virtual machines have no kind of their own, so that a query by kinds never means them. */
const wantsAllKinds = ({ kinds }: ImageQuery): boolean => kinds === undefined

const wants = ({ kinds }: ImageQuery, kind: string): boolean => kinds === undefined || kinds.includes(kind)

/** The lists of images for virtual machines and for bare-metal servers. */
const plainStops = (query: ImageQuery, region: string, { virtual, bareMetal }: Holdings): readonly Stop[] => {
  const plain: Stop = { region, offset: 0 }
  const withBareMetal: Stop = { region, list: 'bare-metal', offset: 0 }
  if (!wants(query, 'bare-metal') || !(virtual || bareMetal)) return []
  // Own images of both are one stop, since only both lists together tell what there is, each image once.
  if ((query.scope ?? 'own') === 'own') return [bareMetal ? withBareMetal : plain]
  if (!bareMetal) return [plain]
  return virtual && wantsAllKinds(query) ? [plain, withBareMetal] : [withBareMetal]
}

/** The stops that a listing makes in a region: the lists that may hold anything of what the query's kinds let through. */
export const stopsIn = (query: ImageQuery, region: string, holdings: Holdings): readonly Stop[] => [
  ...plainStops(query, region, holdings),
  ...(holdings.gpu ? gpuNamespaces : [])
    .filter((namespace) => wants(query, namespace))
    .map((namespace) => ({ region, namespace, offset: 0 })),
]

/** Whether any region may hold anything of the kinds that a query lets through. */
export const mayHoldAny = (query: ImageQuery): boolean =>
  stopsIn(query, '', { virtual: true, bareMetal: true, gpu: true }).length > 0
