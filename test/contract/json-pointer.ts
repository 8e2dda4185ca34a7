/** A JSON object or list. */
export type Node = Readonly<Record<string, unknown>>

/** Whether a value is an object or a list. */
export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

/** The parts of a pointer, unescaped. */
export const partsOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

/** What a pointer leads to; `undefined` where nothing is. */
export const at = (root: unknown, pointer: string): unknown =>
  partsOf(pointer).reduce<unknown>((node, part) => (isNode(node) ? node[part] : undefined), root)

/** The pointer of these parts. */
export const pointerTo = (...parts: readonly string[]): string =>
  parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
