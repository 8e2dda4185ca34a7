import { path } from '../../src/http/path.ts'
import type { Account, ImageId } from './ids.ts'
import type { GpuNamespace, Place } from './namespaces.ts'

/** The word of a namespace of GPU images in paths. Source: fact sheet §2. */
const gpuWords: Readonly<Record<GpuNamespace, string>> = { 'gpu-virtual': 'virtual', 'gpu-bare-metal': 'baremetal' }

const gpuPath = ({ projectId }: Account, { region, namespace }: Place & { readonly namespace: GpuNamespace }): string =>
  path`/cloud/v3/gpu/${gpuWords[namespace]}/${projectId}/${region}/images`

/** The path of the list of all images that can be seen in a place. */
export const imagesPath = (account: Account, { region, namespace }: Place): string =>
  namespace === undefined
    ? path`/cloud/v1/images/${account.projectId}/${region}`
    : gpuPath(account, { region, namespace })

/** The path of one image: bare-metal images have none of their own and are found among those for virtual machines. */
export const imagePath = (account: Account, id: ImageId): string => `${imagesPath(account, id)}${path`/${id.image}`}`

/** The path that an import into a place is sent to. */
export const importPath = (account: Account, { region, namespace }: Place): string =>
  namespace === undefined
    ? path`/cloud/v1/downloadimage/${account.projectId}/${region}`
    : gpuPath(account, { region, namespace })
