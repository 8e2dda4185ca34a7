import Table from 'cli-table3'
import { type Image, showOperatingSystem, showTag } from 'imageferry'
import { printable } from '../src/cli/printable.ts'
import type { Result } from './result.ts'

const mebibyte = 2 ** 20

const sizeText = ({ size }: Image): string =>
  size === undefined ? '' : `${size.exact ? '' : '~'}${(size.bytes / mebibyte).toFixed(1)} MiB`

/** Images of any cloud in one table, by its lines. */
export const imageTable = (images: readonly Image[]): readonly string[] => {
  const table = new Table({
    head: ['ref', 'name', 'kind', 'status', 'os', 'arch', 'size', 'regions', 'tags'],
    style: { head: [], border: [] },
    colWidths: [null, 24, null, null, null, null, null, null, 28],
    wordWrap: true,
  })
  for (const image of images)
    table.push([
      image.ref,
      printable(image.name),
      image.kind ?? '',
      image.status,
      printable(showOperatingSystem(image.os) ?? ''),
      image.architecture ?? '',
      sizeText(image),
      image.regions.length > 3 ? `${image.regions.length} regions` : image.regions.join(' '),
      printable(image.tags.map(showTag).join(', ')),
    ])
  return table.toString().split('\n')
}

const expectation = (result: Result): 'moved' | 'refused' =>
  result.intention.entry === undefined ? 'refused' : (result.intention.entry.expect ?? 'moved')

/** Whether an image came to what its mapping says: arrived and verified, or refused where it should not go. */
export const isAsExpected = (result: Result): boolean =>
  result.moved
    ? expectation(result) === 'moved' && result.verification.wrong.length === 0
    : expectation(result) === 'refused' && result.definite

/** What became of one image, in one line for the moment at which it is known. */
export const settledLine = (result: Result): string => {
  const { name } = result.intention.image
  if (result.moved) return `${name}: arrived as ${result.arrived.ref}`
  return `${name}: not moved. ${result.reason}${result.hint === undefined ? '' : ` (${result.hint})`}`
}

/** What became of one image, in a few lines. */
export const resultLines = (result: Result): readonly string[] => {
  const { image } = result.intention
  const mark = isAsExpected(result) ? (result.moved ? 'moved  ' : 'refused') : 'FAILED '
  if (!result.moved)
    return [
      `${mark} ${image.name}  (${image.ref})`,
      `          why:  ${result.reason}`,
      ...(result.hint === undefined ? [] : [`          hint: ${result.hint}`]),
    ]
  return [
    `${mark} ${image.name}  (${image.ref})`,
    `          arrived as ${result.arrived.ref}${result.wasThere ? ' (it was there already)' : ''}`,
    `          verified: ${result.verification.confirmed.join(', ')}; not verifiable: its bytes, and that it boots`,
    ...result.verification.wrong.map((what) => `          WRONG: ${what}`),
    ...(result.arrived.name === image.name
      ? []
      : [
          `          changed: name ${JSON.stringify(image.name)} is now ${JSON.stringify(result.arrived.name)}: the mapping says so`,
        ]),
    ...result.losses.map(
      ({ field, wanted, instead, reason }) =>
        `          ${instead === undefined ? 'lost' : 'changed'}: ${field} ${JSON.stringify(wanted)}${
          instead === undefined ? '' : ` is now ${JSON.stringify(instead)}`
        }: ${reason}`,
    ),
  ]
}
