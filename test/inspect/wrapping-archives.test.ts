import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Medium, Reading } from '../../src/inspect/reading.ts'
import { openArchive } from '../../src/inspect/wrapping/archive.ts'
import type { Archive } from '../../src/inspect/wrapping/layer.ts'
import { openLayer } from '../../src/inspect/wrapping/open-layer.ts'
import { isCi, missingOf } from '../tools.ts'
import { fetchedAtOnce, measuredLook } from './measured-look.ts'
import { diskLike } from './packed-files.ts'

const programs = ['tar', 'zip'] as const
const missing = missingOf(programs)
const has = (program: (typeof programs)[number]): boolean => !missing.includes(program)
if (missing.length > 0)
  process.stderr.write(`${missing.join(', ')} not installed: the cases with files of theirs are left out\n`)

it.runIf(isCi)('the archivers are installed on the build machine', () => {
  expect(missing).toEqual([])
})

const archiveOf = async (file: Uint8Array): Promise<Archive | undefined> =>
  (await measuredLook(openArchive, file)).answer

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archives-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Files = Readonly<Record<string, Uint8Array>>

/** What an archiver makes of these files, which are given to it in this order. */
const archived = async (
  program: string,
  args: (path: string) => readonly string[],
  files: Files,
): Promise<Uint8Array> => {
  const home = mkdtempSync(join(folder, 'case-'))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), { recursive: true })
    await writeFile(join(home, name), content)
  }
  const path = join(home, '.archive')
  execFileSync(program, [...args(path), ...Object.keys(files)], { cwd: home, stdio: 'ignore' })
  return await readFile(path)
}

const disk = diskLike(700_000, 'disk')
const little = Buffer.from('little')
const machine: Files = { 'vm.ovf': little, 'vm.mf': little, 'vm-disk1.vmdk': disk, 'behind.txt': little }

describe('a tar archive', () => {
  const tar = (files: Files, ...args: readonly string[]): Promise<Uint8Array> =>
    archived('tar', (path) => [...args, '-cf', path], files)

  it.runIf(has('tar')).each(['v7', 'ustar', 'gnu', 'posix', 'oldgnu'])(
    'of the format %s is told with the names at its beginning, for nothing',
    async (format) => {
      const file = await tar(machine, `--format=${format}`)
      const look = await measuredLook(openArchive, file)
      expect(look.answer).toEqual({ archive: 'tar', entries: ['vm.ovf', 'vm.mf', 'vm-disk1.vmdk'] })
      expect(look.furtherRequests).toBe(0)
    },
  )

  it.runIf(has('tar')).each(['ustar', 'gnu', 'posix'])(
    'of the format %s has long names and folders',
    async (format) => {
      const long = `${'folder/'.repeat(12)}${'n'.repeat(90)}.img`
      const file = await tar({ [long]: little, 'größe.img': little }, `--format=${format}`)
      expect(await archiveOf(file)).toEqual({ archive: 'tar', entries: [long, 'größe.img'] })
    },
  )

  it.runIf(has('tar'))('of a folder has the files in it, and 20 at the most', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `all/${index}`)
    const file = await archived(
      'tar',
      (path) => ['--sort=name', '-cf', path, '--exclude=.archive', 'all'],
      Object.fromEntries(names.map((name) => [name, little])),
    )
    const archive = await archiveOf(file)
    expect(archive?.entries).toHaveLength(20)
    expect(archive?.entries.every((name) => names.includes(name))).toBe(true)
  })

  it.runIf(has('tar'))('is seen in a compression', async () => {
    const file = gzipSync(await tar(machine))
    const look = await measuredLook(function* (whole: Medium): Reading<Archive | undefined> {
      const layer = yield* openLayer(whole)
      return layer === undefined ? undefined : yield* openArchive(layer.inside)
    }, file)
    expect(look.answer).toEqual({ archive: 'tar', entries: ['vm.ovf', 'vm.mf', 'vm-disk1.vmdk'] })
  })

  it.runIf(has('tar'))('without a magic number is told by its check sum alone', async () => {
    const file = Buffer.from(await tar(machine, '--format=v7'))
    expect(file.toString('latin1', 257, 262)).not.toBe('ustar')
    file[0] = 0x21
    expect(await archiveOf(file)).toBeUndefined()
  })

  it.runIf(has('tar'))('does not lead backwards, or to nowhere', async () => {
    const header = Buffer.from(await tar({ a: little }, '--format=ustar')).subarray(0, 512)
    const withSize = (size: string): Buffer => {
      const bytes = Buffer.from(header)
      bytes.write(size, 124, 12, 'latin1')
      bytes.write('        ', 148, 'latin1')
      const sum = bytes.reduce((total, byte) => total + byte, 0)
      bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
      return bytes
    }
    const negative = String.fromCharCode(0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0)
    for (const size of [negative, '77777777777\0', '-0000001000\0']) {
      const file = Buffer.concat([withSize(size), header, Buffer.alloc(10_000)])
      expect((await archiveOf(file))?.archive).toBe('tar')
    }
    const long = Buffer.concat([withSize('00000000000\0'), header])
    long[156] = 0x78
    expect(
      (await measuredLook(openArchive, Buffer.concat(Array.from({ length: 900 }, () => long)))).wishes,
    ).toBeLessThan(1300)
  })
})

describe('a zip archive', () => {
  const zip = (files: Files, ...args: readonly string[]): Promise<Uint8Array> =>
    archived('zip', (path) => ['-q', ...args, path], files)

  it.runIf(has('zip'))('is told with the names in the list at its end, for one request', async () => {
    const look = await measuredLook(openArchive, await zip(machine, '-0'))
    expect(look.answer).toEqual({ archive: 'zip', entries: Object.keys(machine) })
    expect(look.furtherRequests).toBe(1)
    expect(look.furtherBytes).toBeLessThan(70_000)
  })

  it.runIf(has('zip'))(
    'has the names at its beginning where its length is not known, or its end is missing',
    async () => {
      const file = await zip({ ...machine, 'folder/more': little }, '-0')
      const expected = { archive: 'zip', entries: ['vm.ovf', 'vm.mf', 'vm-disk1.vmdk'] }
      const cut = file.subarray(0, fetchedAtOnce + 50_000)
      expect(await archiveOf(cut)).toEqual(expected)
      expect((await measuredLook((whole) => openArchive({ read: whole.read }), file)).answer).toEqual(expected)
    },
  )

  it.runIf(has('zip'))('has the names with something before it, and a comment behind it', async () => {
    const file = Buffer.from(await zip(machine))
    const commented = Buffer.concat([file, Buffer.from('PK\x05\x06 is no end')])
    commented.writeUInt16LE(14, file.length - 2)
    expect((await archiveOf(commented))?.entries).toEqual(Object.keys(machine))
    const moved = Buffer.concat([file.subarray(0, 300), Buffer.alloc(64), file.subarray(300)])
    expect((await archiveOf(moved))?.entries).toEqual(Object.keys(machine))
  })

  it.runIf(has('zip'))('has 20 names at the most, and no folders', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `all/${index}`)
    const file = await archived(
      'zip',
      (path) => ['-q', '-r', path, 'all'],
      Object.fromEntries(names.map((name) => [name, little])),
    )
    const archive = await archiveOf(file)
    expect(archive?.entries).toHaveLength(20)
    expect(archive?.entries.every((name) => names.includes(name))).toBe(true)
  })
})

describe('an archive whose list is packed', () => {
  it.each([
    ['7z', '7z\xbc\xaf\x27\x1c\0\x04'],
    ['rar', 'Rar!\x1a\x07\x00'],
    ['rar', 'Rar!\x1a\x07\x01\x00'],
    ['zip', 'PK\x05\x06'],
  ])('is %s without names', async (archive, magic) => {
    expect(await archiveOf(Buffer.from(`${magic}............`, 'latin1'))).toEqual({ archive, entries: [] })
  })
})

describe('any bytes', () => {
  const originals = async (): Promise<readonly Uint8Array[]> => [
    ...(has('tar')
      ? [
          await archived('tar', (path) => ['--format=posix', '-cf', path], {
            ...machine,
            [`${'l'.repeat(120)}`]: little,
          }),
          await archived('tar', (path) => ['--format=gnu', '-cf', path], {
            [`${'l'.repeat(120)}`]: little,
            ...machine,
          }),
        ]
      : []),
    ...(has('zip') ? [await archived('zip', (path) => ['-q', '-0', path], machine)] : []),
    Buffer.from('PK\x03\x04'),
  ]

  it('in an archive give an answer, from stretches of the file that are there and few', async () => {
    const files = await originals()
    const place = fc.oneof(
      fc.nat(4096),
      fc.nat(400).map((back) => -1 - back),
    )
    const hits = fc.array(fc.tuple(place, fc.constantFrom(0, 1, 0x30, 0x37, 0x80, 0xff)), {
      minLength: 1,
      maxLength: 8,
    })
    const property = fc.asyncProperty(fc.constantFrom(...files), hits, async (original, damage) => {
      const bytes = Buffer.from(original)
      for (const [at, value] of damage) bytes[(at + bytes.length * 2) % bytes.length] = value
      const look = await measuredLook(openArchive, bytes)
      expect(look.answer?.entries.length ?? 0).toBeLessThanOrEqual(20)
      expect(look.longestWish).toBeLessThanOrEqual(262_144)
      expect(look.furtherRequests).toBeLessThanOrEqual(2)
      expect(look.wishes).toBeLessThan(1300)
    })
    await fc.assert(property, { numRuns: 300 })
  })
})
