import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { digitalOceanCapabilities } from 'imageferry/digitalocean'
import { gcoreCapabilities } from 'imageferry/gcore'
import { checkCompatibility, type ImageFacts, inspect } from 'imageferry/inspect'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loopback } from '../loopback.ts'
import { type Cut, disks, type ImageCase, imageCases, type MadeImage, titleOf } from '../real-images/cases.ts'
import { containers, type QemuInfo, qemuInfo } from '../real-images/containers.ts'
import { headerFaults } from '../real-images/header-faults.ts'
import { imageMaker } from '../real-images/make-image.ts'
import { serveRanges } from '../real-images/range-server.ts'
import { makesRealImages, missingTools } from '../real-images/tools.ts'
import { isCi } from '../tools.ts'
import { give } from './source-server.ts'

it.runIf(isCi)('the tools that make images are installed on the build machine', () => {
  expect(missingTools).toEqual([])
})

it('there are at least 150 images, no two alike', () => {
  expect(imageCases.length).toBeGreaterThanOrEqual(150)
  expect(new Set(imageCases.map(titleOf)).size).toBe(imageCases.length)
})

const qcow2 = { disk: 'ubuntu', container: 'qcow2' } as const
const inGzip = { disk: 'filled', container: 'raw', compression: 'gzip' } as const

const readWhole: readonly (MadeImage & { readonly name: string; readonly isCut: boolean })[] = [
  { name: 'a qcow2', ...qcow2, isCut: false },
  { name: 'a qcow2 that is cut', ...qcow2, fault: 'cut in half', isCut: true },
  { name: 'a disk in gzip', ...inGzip, isCut: false },
  { name: 'a disk in gzip that is cut', ...inGzip, packedFault: 'cut to 60 %', isCut: true },
  { name: 'a disk that is cut, in gzip', ...inGzip, fault: 'cut in half', isCut: true },
]

describe('images made by real tools', () => {
  const servers = loopback()
  const paths = new Map<string, string>()
  let folder = ''
  let base = ''
  let make: ReturnType<typeof imageMaker>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'imageferry-real-images-'))
    make = imageMaker(folder)
    base = await servers.listen(serveRanges((name) => paths.get(name)))
  })
  afterAll(async () => {
    servers.closeAll()
    await rm(folder, { recursive: true, force: true })
  })

  it.runIf(makesRealImages).each(imageCases.map((one, index) => [titleOf(one), one, index] as const))(
    '%s',
    async (_, one, index) => {
      const path = await make(one, index)
      const name = `${index}-${basename(path)}`
      paths.set(name, path)

      const facts = await inspect(`${base}/${name}`, { allowPrivate: true })
      expect(facts.cost.requests).toBeLessThanOrEqual(12)
      expect(facts.cost.bytes).toBeLessThanOrEqual(2 ** 20)

      expect(cutIn(facts), JSON.stringify(facts, undefined, 1)).toEqual(one.cut ?? cutIn(facts))
      if (one.cut !== undefined) expect(facts.truncated).not.toBe(false)

      // The same is found in the file on this machine, whichever way it is read.
      const { source: _source, cost, ...local } = await inspect(path)
      expect(cost.bytes).toBeLessThanOrEqual(2 ** 20)
      if (!hasMoreThanIsFetched(one)) expect(local).toEqual(withoutPlace(facts))

      const told = {
        digitalocean: checkCompatibility(facts, digitalOceanCapabilities),
        gcore: checkCompatibility(facts, gcoreCapabilities),
      }
      expect(
        { digitalocean: told.digitalocean.verdict, gcore: told.gcore.verdict },
        JSON.stringify({ facts, told }, undefined, 1),
      ).toEqual({ digitalocean: one.digitalocean, gcore: one.gcore })
      if (one.code !== undefined)
        for (const { findings } of Object.values(told)) expect(findings.map(({ code }) => code)).toContain(one.code)

      await agreesWithQemu(one, path, facts)
      await rm(join(folder, String(index)), { recursive: true, force: true })
    },
  )

  it.runIf(makesRealImages).each(readWhole.map((one, index) => [one.name, one, imageCases.length + index] as const))(
    'read whole from a server that tells no length: %s',
    async (_, { isCut, ...one }, index) => {
      const bytes = await readFile(await make(one, index))
      const url = await servers.listen((request, response) =>
        give(bytes, request, response, { ranges: false, chunked: true }),
      )
      const facts = await inspect(`${url}/image`, { allowPrivate: true, fullPass: true })
      expect(facts.fullPass?.bytes).toBe(bytes.length)
      expect(facts.truncated).toBe(isCut)
      if (isCut) expect(checkCompatibility(facts, digitalOceanCapabilities).verdict).toBe('refused')
    },
  )
})

/** A file here may be read more often than a server is asked. */
const hasMoreThanIsFetched = ({ disk }: ImageCase): boolean => 'logical' in disks[disk]

const cutIn = ({ truncated, truncationSuspected }: ImageFacts): Cut =>
  truncated === true ? 'seen' : truncationSuspected === undefined ? 'untold' : 'suspected'

const withoutPlace = ({ source: _source, cost: _cost, ...facts }: ImageFacts): Omit<ImageFacts, 'source' | 'cost'> =>
  facts

/** The file that qemu-img is to look at: what is in a compression, which the tools keep beside it. */
const uncompressed = (path: string): string => path.replace(/(?:\.(?:gz|bz2|xz|zst))+$/, '')

/** Of these qemu-img may say nothing at all. */
const refusedByQemu: ReadonlySet<string> = new Set([
  'cut in half',
  'cut to a tenth',
  'cut by a hundredth',
  'an unfinished log',
  'an unknown feature',
  'a part of a split disk',
])

const mayBeRefusedByQemu = ({ fault }: ImageCase): boolean => fault !== undefined && refusedByQemu.has(fault)

/** Of these it says nothing: it does not open the file. */
const isRefusedByQemu = ({ fault }: ImageCase): boolean => fault !== undefined && Object.hasOwn(headerFaults, fault)

const told = async (one: ImageCase, path: string): Promise<QemuInfo | undefined> => {
  const { format, driver, name } = containers[one.container]
  // A fixed VHD begins like a plain disk, and a file in an archive is none to qemu-img either.
  const asked = qemuInfo(uncompressed(path), format === 'vhd' && name.startsWith('fixed') ? driver : undefined)
  return mayBeRefusedByQemu(one) ? asked.catch(() => undefined) : asked
}

const compats: Readonly<Record<string, string>> = { 'qcow2 v2': '0.10', 'qcow2 v3': '1.1' }

/**
 * A plain disk is as large as its file. qemu-img takes what is left of a cut one for all; here it is as large as its partition table says.
 */
const mayHaveAnotherSize = ({ format }: ImageFacts, { cut }: ImageCase): boolean =>
  format === 'raw' && cut !== undefined

/** In a compression that does not tell its length the least size is known. Here every table tells where its disk ends, or the last MiB of it. */
const agreesOnSize = ({ virtualBytes = 0, virtualBytesAre }: ImageFacts, size: number): boolean => {
  if (virtualBytesAre === 'exact') return virtualBytes === size
  return virtualBytes <= size && (virtualBytesAre === 'at-least' || virtualBytes + 2 ** 20 >= size)
}

/** What qemu-img does not know is raw to it: an installation medium, also a web page. */
const inWordsOfQemu = ({ format = 'raw' }: ImageFacts): string =>
  (({ vhd: 'vpc', iso: 'raw' }) as Readonly<Record<string, string>>)[format] ?? format

/** Format, virtual size, backing file, encryption, compat, corruption, and the dirty bit and snapshots of qcow2. */
const agreesWithQemu = async (one: ImageCase, path: string, facts: ImageFacts): Promise<void> => {
  if (isRefusedByQemu(one)) {
    await expect(told(one, path)).rejects.toThrow()
    return
  }
  const info = await told(one, path)
  if (info === undefined) return
  expect(inWordsOfQemu(facts)).toBe(info.format)
  if (facts.format !== undefined && !mayHaveAnotherSize(facts, one))
    expect(agreesOnSize(facts, info['virtual-size']), `${facts.virtualBytes}`).toBe(true)
  const { features, variant = '' } = facts
  expect([features.damage, features.unsupported]).toEqual([undefined, undefined])
  const { compat, corrupt = false } = info['format-specific']?.data ?? {}
  expect({
    backingFile: features.backingFile,
    encrypted: features.encryption !== undefined,
    compat: compats[variant],
    corrupt: features.corrupt === true,
  }).toEqual({
    backingFile: info['backing-filename'],
    encrypted: info.encrypted === true,
    compat,
    corrupt,
  })
  if (facts.format === 'qcow2')
    expect({ dirty: features.dirty === true, snapshots: features.snapshots ?? 0 }).toEqual({
      dirty: info['dirty-flag'],
      snapshots: info.snapshots?.length ?? 0,
    })
}
