/**
 * The namespaces of a region's GPU images. Each has lists and ids of its own, apart from the images for virtual machines and
 * bare-metal servers, which share one namespace. Source: fact sheet §2.
 */
export const gpuNamespaces = ['gpu-virtual', 'gpu-bare-metal'] as const

/** A namespace of GPU images, as refs, cursors and `Image.kind` call it. */
export type GpuNamespace = (typeof gpuNamespaces)[number]

/** Whether a text names a namespace of GPU images. */
export const isGpuNamespace = (text: string | undefined): text is GpuNamespace =>
  text !== undefined && (gpuNamespaces as readonly string[]).includes(text)

/** Where images are kept: a region, and in it the namespace of GPU images; without one, that of all other images. */
export interface Place {
  readonly region: string
  readonly namespace?: GpuNamespace | undefined
}

/** A place as text, such as `76` and `76/gpu-virtual`: the form that it has in refs and cursors. */
export const placeText = ({ region, namespace }: Place): string =>
  namespace === undefined ? region : `${region}/${namespace}`
