import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readIso } from '../../src/inspect/formats/iso.ts'
import { isCi, missingOf, runTool } from '../tools.ts'
import { factsOf, readGuest } from './container-reading.ts'
import { isoVolume } from './other-formats.ts'

const xorriso = missingOf(['xorriso']).length === 0
if (!xorriso) process.stderr.write('xorriso is not installed: the case with a volume that it made is left out\n')

it.runIf(isCi)('xorriso is installed on the build machine', () => {
  expect(xorriso).toBe(true)
})

describe('an ISO 9660 volume', () => {
  it('has as many bytes as its first descriptor says, and is its own disk', () => {
    const file = isoVolume()
    expect(factsOf(readIso, file)).toEqual({
      format: 'iso',
      virtualBytes: 20 * 2048,
      features: {},
      promisedBytes: 20 * 2048,
      hasDisk: true,
    })
    expect(readGuest(readIso, file, 0x8001, 5)?.bytes).toEqual(Buffer.from('CD001'))
  })

  it('reaches to the end of its first descriptor at least', () => {
    const short = 0x8000 + 2048
    expect(factsOf(readIso, isoVolume().subarray(0, 0x8000 + 6))).toMatchObject({ format: 'iso', promisedBytes: short })
    const empty = Buffer.from(isoVolume()).fill(0, 0x8000 + 80, 0x8000 + 84)
    expect(factsOf(readIso, empty)).toMatchObject({ virtualBytes: 0, promisedBytes: short })
  })

  it('has no size that is known where another descriptor comes first', () => {
    const file = Buffer.from(isoVolume())
    file.writeUInt8(0, 0x8000)
    const facts = factsOf(readIso, file)
    expect([facts?.format, facts?.virtualBytes, facts?.promisedBytes]).toEqual(['iso', undefined, 0x8000 + 2048])
  })

  it('is nothing else', () => {
    expect(factsOf(readIso, new Uint8Array(100_000))).toBeUndefined()
    expect(factsOf(readIso, isoVolume().subarray(0, 0x8000))).toBeUndefined()
  })

  it.runIf(xorriso)('is known as xorriso makes it, and where it was cut', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'iso-'))
    try {
      const [content, image] = [join(folder, 'content'), join(folder, 'image.iso')]
      await mkdir(content)
      await writeFile(join(content, 'file'), Buffer.alloc(300_000, 'x'))
      await runTool('xorriso', '-as', 'mkisofs', '-quiet', '-o', image, content)
      const file = await readFile(image)
      const facts = factsOf(readIso, file)
      expect(facts?.promisedBytes).toBeLessThanOrEqual(file.length)
      expect(facts?.promisedBytes).toBeGreaterThan(300_000)
      const cut = file.subarray(0, 300_000)
      expect(factsOf(readIso, cut)?.promisedBytes).toBeGreaterThan(cut.length)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
