import { copyFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFileSystem } from '../../src/inspect/guest/file-system.ts'
import { readDisk } from '../../src/inspect/guest/read-disk.ts'
import { readInMemory } from '../../src/inspect/in-memory.ts'
import { bytesAsMedium, wholeFile } from '../../src/inspect/reading.ts'
import { stretchOf } from '../../src/inspect/stretch.ts'
import { isCi, missingOf, runTool } from '../tools.ts'
import { mebibyte, place, readFile, sparse, workFolder } from './guest-disks.ts'
import { group, physicalVolume, volume, volumes, type Write } from './hand-made-disks.ts'

const tools = [
  'mkfs.ext4',
  'mkfs.xfs',
  'mkfs.btrfs',
  'mkfs.vfat',
  'mkfs.ntfs',
  'mkswap',
  'cryptsetup',
  'blkid',
  'sgdisk',
  'xorriso',
]
const missing = missingOf(tools)
const hasTools = missing.length === 0
if (!hasTools) process.stderr.write(`${missing.join(', ')}: not installed, so file systems made by them are left out\n`)

it.runIf(isCi)('the tools that make file systems are installed on the build machine', () => {
  expect(missing).toEqual([])
})

const volumeFacts = (bytes: Uint8Array) => readInMemory(readFileSystem(wholeFile(bytes.length)), bytes)

describe('superblocks', () => {
  const zfsLabel = '\x01\x01\0\0\0\0\0\0\0\0\0\x01\0\0\0\x24\0\0\0\x20\0\0\0\x07version'

  it.each([
    ['exfat', [[3, 'EXFAT   ']]],
    ['bitlocker', [[3, '-FVE-FS-']]],
    ['f2fs', [[1024, '\x10\x20\xf5\xf2']]],
    ['squashfs', [[0, 'hsqs']]],
    ['zfs', [[16_384, zfsLabel]]],
    ['md-raid', [[4096, '\xfc\x4e\x2b\xa9\x01\0\0\0']]],
    ['md-raid', [[0, '\xfc\x4e\x2b\xa9\x01\0\0\0']]],
    ['swap', [[4086, 'SWAPSPACE2']]],
    ['swap', [[8182, 'SWAPSPACE2']]],
    ['swap', [[16_374, 'SWAPSPACE2']]],
    ['swap', [[65_526, 'SWAPSPACE2']]],
    ['ufs', [[65_536 + 1372, '\x19\x01\x54\x19']]],
    ['ufs', [[8192 + 1372, '\x54\x19\x01\x00']]],
  ] as const)('of %s are known by their marks (case %#)', (fileSystem, writes) => {
    expect(volumeFacts(volume(...writes)).fileSystem).toBe(fileSystem)
  })

  it('of nothing known are none', () => {
    expect(volumeFacts(volume([4096, '\xfc\x4e\x2b\xa9\0\0\0\0']))).toEqual({})
  })

  it('that are around a file system come before what an older one left behind', () => {
    const left: Write = [1024 + 56, '\x53\xef']
    expect(volumeFacts(volume(left)).fileSystem).toBe('ext2')
    expect(volumeFacts(volume(left, [0, 'LUKS\xba\xbe'])).fileSystem).toBe('luks')
    expect(volumeFacts(volume(left, [512, 'LABELONE'], [536, 'LVM2 001'])).fileSystem).toBe('lvm')
  })

  it('are missing where a volume is blank as far as anything known has one, which is told', () => {
    expect(volumeFacts(volume())).toEqual({ blank: true })
    expect(volumeFacts(volume([69_631, 'x']))).toEqual({})
    expect(volumeFacts(volume([100, 'x']))).toEqual({})
    // What stands further inside was not looked at.
    expect(volumeFacts(volume([69_632, 'x']))).toEqual({ blank: true })
    expect(volumeFacts(Buffer.alloc(4096))).toEqual({ blank: true })
    expect(volumeFacts(Buffer.alloc(4095))).toEqual({})
  })

  it('are not missing where they could not be read', () => {
    for (const short of ['unavailable', 'damaged'] as const) {
      const near = readFileSystem(wholeFile(mebibyte))
      near.next()
      expect(near.next({ bytes: new Uint8Array(5000), short }).value).toEqual({ missing: short })
      const far = readFileSystem(wholeFile(mebibyte))
      far.next()
      far.next({ bytes: new Uint8Array(8192) })
      expect(far.next({ bytes: new Uint8Array(5000), short }).value).toEqual({ missing: short })
    }
  })

  it('of an external journal are no file system', () => {
    expect(volumeFacts(volume([1024 + 56, '\x53\xef'], [1024 + 96, '\x08'])).fileSystem).toBeUndefined()
  })

  it('of ext are those of ext4 by any feature that ext3 has not', () => {
    const kind = (...features: readonly Write[]) => volumeFacts(volume([1024 + 56, '\x53\xef'], ...features)).fileSystem
    expect(kind()).toBe('ext2')
    expect(kind([1024 + 92, '\x04'])).toBe('ext3')
    expect(kind([1024 + 92, '\x04'], [1024 + 96, '\x16'], [1024 + 100, '\x07'])).toBe('ext3')
    expect(kind([1024 + 92, '\x04'], [1024 + 96, '\x40'])).toBe('ext4')
    expect(kind([1024 + 100, '\x08'])).toBe('ext4')
  })

  it('of a RAID tell how many members it has', () => {
    expect(volumeFacts(volume([4096, '\xfc\x4e\x2b\xa9\x01\0\0\0'], [4096 + 92, '\x03'])).members).toBe(3)
  })

  it('that cannot be had are told as missing, with the reason', () => {
    const reading = readFileSystem(wholeFile(mebibyte))
    reading.next()
    expect(reading.next({ bytes: new Uint8Array(8192) }).done).toBe(false)
    expect(reading.next({ bytes: new Uint8Array(), short: 'unavailable' }).value).toEqual({ missing: 'unavailable' })
  })

  it('behind the end of the disk are damage, and a volume that is small by itself has none', () => {
    const disk = bytesAsMedium(Buffer.alloc(10_000))
    const facts = (at: number, bytes: number) =>
      readInMemory(readFileSystem(stretchOf(disk, at, bytes)), Buffer.alloc(0))
    expect(facts(4096, 100_000)).toEqual({ missing: 'damaged' })
    expect(facts(50_000, 100_000)).toEqual({ missing: 'damaged' })
    expect(facts(4096, 4096)).toEqual({ blank: true })
  })
})

describe('the metadata of an LVM group', () => {
  it('tells how many physical volumes it has', () => {
    for (const count of [1, 2, 7]) {
      const bytes = physicalVolume(group(volumes(count)))
      expect(volumeFacts(bytes)).toEqual({ fileSystem: 'lvm', members: count })
    }
  })

  it('may have braces in its texts and sections within its volumes', () => {
    const note = '\t\t\tdevice = "{{ \\" physical_volumes {"\n'
    expect(volumeFacts(physicalVolume(group(volumes(2, note)))).members).toBe(2)
    expect(volumeFacts(physicalVolume(group(volumes(2, '\t\t\tinside {\n\t\t\t}\n')))).members).toBe(2)
  })

  it('tells nothing where it is cut, missing or of nobody', () => {
    const long = group(volumes(2, `\t\t\tdevice = "${'x'.repeat(10_000)}"\n`))
    for (const text of [long, group(''), 'physical_volumes', '', '"'.repeat(999), `"${'\\"'.repeat(8000)}`]) {
      expect(volumeFacts(physicalVolume(text))).toEqual({ fileSystem: 'lvm' })
    }
    expect(volumeFacts(volume([512, 'LABELONE'], [536, 'LVM2 001']))).toEqual({ fileSystem: 'lvm' })
  })
})

describe.runIf(hasTools)('file systems that tools make', () => {
  let folder = { path: '', remove: async () => {} }
  beforeAll(async () => {
    folder = await workFolder()
    await writeFile(`${folder.path}/key`, 'secret')
    await runTool('sgdisk', '-n', '1:2048:0', await sparse(`${folder.path}/partitioned`, 520 * mebibyte))
  })
  afterAll(() => folder.remove())

  type Make = (path: string) => Promise<unknown>
  const ext =
    (kind: string, ...options: readonly string[]): Make =>
    (path) =>
      runTool('mkfs.ext4', '-q', '-t', kind, ...options, path)
  const fat =
    (bits: string, ...options: readonly string[]): Make =>
    (path) =>
      runTool('mkfs.vfat', '-F', bits, ...options, path)
  const luks =
    (type: string): Make =>
    async (path) => {
      const quick = ['--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000', '--batch-mode', '--key-file']
      await runTool('cryptsetup', 'luksFormat', '--type', type, ...quick, `${folder.path}/key`, path)
    }

  interface Case {
    readonly fileSystem: string
    /** What blkid calls it. */
    readonly type: string
    readonly version?: string
    readonly megabytes: number
    readonly make: Make
  }
  const cases: readonly Case[] = [
    { fileSystem: 'ext2', type: 'ext2', megabytes: 16, make: ext('ext2') },
    { fileSystem: 'ext3', type: 'ext3', megabytes: 16, make: ext('ext3') },
    { fileSystem: 'ext4', type: 'ext4', megabytes: 16, make: ext('ext4') },
    { fileSystem: 'ext4', type: 'ext4', megabytes: 16, make: ext('ext4', '-O', '^has_journal') },
    { fileSystem: 'ext4', type: 'ext4', megabytes: 16, make: ext('ext4', '-b', '1024', '-O', 'bigalloc') },
    { fileSystem: 'xfs', type: 'xfs', megabytes: 320, make: (path) => runTool('mkfs.xfs', '-q', path) },
    { fileSystem: 'btrfs', type: 'btrfs', megabytes: 128, make: (path) => runTool('mkfs.btrfs', '-q', path) },
    { fileSystem: 'fat12', type: 'vfat', version: 'FAT12', megabytes: 4, make: fat('12') },
    { fileSystem: 'fat16', type: 'vfat', version: 'FAT16', megabytes: 32, make: fat('16') },
    { fileSystem: 'fat32', type: 'vfat', version: 'FAT32', megabytes: 64, make: fat('32') },
    // Fewer clusters than the specification asks for.
    { fileSystem: 'fat32', type: 'vfat', version: 'FAT32', megabytes: 32, make: fat('32', '-s', '8') },
    {
      fileSystem: 'ntfs',
      type: 'ntfs',
      megabytes: 16,
      make: (path) => runTool('mkfs.ntfs', '-q', '-F', '-s', '512', path),
    },
    { fileSystem: 'swap', type: 'swap', megabytes: 16, make: (path) => runTool('mkswap', path) },
    { fileSystem: 'luks', type: 'crypto_LUKS', megabytes: 32, make: luks('luks1') },
    { fileSystem: 'luks', type: 'crypto_LUKS', megabytes: 32, make: luks('luks2') },
  ]

  it.each(cases)(
    'of $fileSystem are known, in a file and in a partition (case %#)',
    async ({ fileSystem, type, version, megabytes, make }) => {
      const path = await sparse(`${folder.path}/volume`, megabytes * mebibyte)
      await make(path)
      const probed = await runTool('blkid', '-p', path)
      expect(probed).toContain(`TYPE="${type}"`)
      if (version !== undefined) expect(probed).toContain(`VERSION="${version}"`)

      const alone = readFile(path, readDisk)
      expect(alone.value).toMatchObject({ partitionTable: 'none', fileSystem, bootCode: false, unread: [], damage: [] })
      // A FAT file system is looked through for boot loaders.
      expect(alone.requests).toBeLessThanOrEqual(type === 'vfat' ? 1 : 0)

      const disk = `${folder.path}/disk`
      await copyFile(`${folder.path}/partitioned`, disk)
      await place(path, disk, mebibyte)
      const inside = readFile(disk, readDisk)
      expect(inside.value).toMatchObject({
        partitionTable: 'gpt',
        partitions: [{ fileSystem }],
        unread: [],
        damage: [],
      })
      expect(inside.requests).toBeLessThanOrEqual(fileSystem === 'btrfs' || type === 'vfat' ? 2 : 1)
    },
  )

  it('of btrfs over several devices tell how many there are', async () => {
    const paths = await Promise.all(['one', 'two'].map((name) => sparse(`${folder.path}/${name}`, 160 * mebibyte)))
    await runTool('mkfs.btrfs', '-q', '-m', 'raid1', ...paths)
    for (const path of paths) expect(readFile(path, readDisk).value).toMatchObject({ fileSystem: 'btrfs', members: 2 })
  })

  it('of a disc are known', async () => {
    const path = `${folder.path}/disc.iso`
    await runTool('xorriso', '-as', 'mkisofs', '-quiet', '-o', path, `${folder.path}/key`)
    expect(readFile(path, readDisk).value).toMatchObject({ partitionTable: 'none', fileSystem: 'iso9660' })
  })
})
