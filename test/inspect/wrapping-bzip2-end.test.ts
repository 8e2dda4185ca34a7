import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openLayer } from '../../src/inspect/wrapping/open-layer.ts'
import { isCi, missingOf } from '../tools.ts'
import { fetchedAtOnce, measuredLook } from './measured-look.ts'
import { diskLike, packedBy } from './packed-files.ts'

const hasBzip2 = missingOf(['bzip2']).length === 0
if (!hasBzip2) process.stderr.write('bzip2: not installed, so the ends of its files are left out\n')

it.runIf(isCi)('bzip2 is installed on the build machine', () => {
  expect(hasBzip2).toBe(true)
})

const isTruncated = async (file: Uint8Array): Promise<boolean | undefined> =>
  (await measuredLook(openLayer, file)).answer?.truncated

describe.runIf(hasBzip2)('the end of a bzip2 file', () => {
  // Lengths of all sorts, so that the last bits fall anywhere in a byte.
  const whole = Array.from({ length: 24 }, (_, index) => packedBy('bzip2', ['-kc'], randomBytes(index * 37)))

  it('is seen where it is, at whatever bit it begins', async () => {
    for (const file of whole) expect(await isTruncated(file)).toBe(false)
  })

  it('is seen behind several streams', async () => {
    expect(await isTruncated(Buffer.concat(whole))).toBe(false)
  })

  it('is not known where something follows that bzip2 takes no notice of', async () => {
    const file = packedBy('bzip2', ['-kc'], diskLike(100_000, 'padded'))
    expect(await isTruncated(Buffer.concat([file, Buffer.alloc(512)]))).toBeUndefined()
    expect(await isTruncated(Buffer.concat([file, Buffer.from('a line of text')]))).toBeUndefined()
  })

  it('is missed where a file was cut, wherever that was', async () => {
    const file = packedBy('bzip2', ['-kc1'], diskLike(700_000, 'cut'))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 14, max: file.length - 1 }), async (length) => {
        expect(await isTruncated(file.subarray(0, length))).toBe(true)
      }),
      { numRuns: 200 },
    )
    expect(await isTruncated(file.subarray(0, -1))).toBe(true)
  })

  it('costs one request of a file that is larger than the first one', async () => {
    const file = packedBy('bzip2', ['-kc9'], randomBytes(2_000_000))
    expect(file.length).toBeGreaterThan(fetchedAtOnce)
    const { answer, furtherRequests } = await measuredLook(openLayer, file)
    expect(answer?.truncated).toBe(false)
    expect(furtherRequests).toBe(1)
  })
})
