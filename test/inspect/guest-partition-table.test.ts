import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gptDisk, rawDisk } from '../../demo/disk-images.ts'
import type { Partition } from '../../src/inspect/guest/disk-facts.ts'
import { inOrderOfWorth } from '../../src/inspect/guest/partition-order.ts'
import { readPartitionTable } from '../../src/inspect/guest/partition-table.ts'
import { readInMemory } from '../../src/inspect/in-memory.ts'
import { wholeFile } from '../../src/inspect/reading.ts'
import { isCi, missingOf, runTool } from '../tools.ts'
import { mebibyte, overwrite, readFile, sparse, workFolder } from './guest-disks.ts'
import { chained } from './hand-made-disks.ts'

const tools = ['sgdisk', 'parted']
const missing = missingOf(tools)
const hasTools = missing.length === 0
if (!hasTools)
  process.stderr.write(`${missing.join(', ')}: not installed, so partition tables made by them are left out\n`)

it.runIf(isCi)('the tools that make partition tables are installed on the build machine', () => {
  expect(missing).toEqual([])
})

const tableOf = (bytes: Uint8Array) => readInMemory(readPartitionTable(wholeFile(bytes.length)), bytes)
const sector = 512

describe('a GPT', () => {
  it('is read with its partitions, names, types and its end', () => {
    expect(tableOf(gptDisk())).toEqual({
      partitionTable: 'gpt',
      sectorBytes: 512,
      partitions: [
        {
          number: 1,
          type: '0fc63daf-8483-4772-8e79-3d69d8477de4',
          purpose: 'linux',
          name: 'root',
          at: 34 * sector,
          bytes: (2048 - 33 - 34) * sector,
          active: false,
        },
      ],
      endBytes: mebibyte,
      damage: [],
      unread: [],
    })
  })

  it.each([
    ['an MBR before it', 0, sector],
    ['an entry of the MBR that announces it', 446, 462],
  ])('is read without %s, which is told', (_, from, to) => {
    const disk = Buffer.from(gptDisk())
    disk.fill(0, from, to)
    expect(tableOf(disk)).toMatchObject({
      partitionTable: 'gpt',
      partitions: [{ name: 'root' }],
      damage: ['the MBR does not announce the GPT'],
    })
  })

  it('of a disk that ends too early lacks its second header, or leads out of the disk', () => {
    const behind = 33 * sector
    const damageOf = (bytes: number) => tableOf(Buffer.from(gptDisk()).subarray(0, bytes)).damage
    expect(damageOf(mebibyte)).toEqual([])
    expect(damageOf(mebibyte - 1)).toEqual(['the second GPT header is missing'])
    expect(damageOf(mebibyte - behind)).toEqual(['the second GPT header is missing'])
    expect(damageOf(mebibyte - behind - 1)).toEqual(['the GPT leads out of the disk'])
  })

  it('is taken from its end where the first header is damaged or missing, and that is told', () => {
    for (const [at, damage] of [
      [sector + 40, 'the check sum of the first GPT header is wrong'],
      [sector, 'the first GPT header is missing'],
    ] as const) {
      const disk = Buffer.from(gptDisk())
      disk[at] = (disk[at] ?? 0) ^ 0xff
      expect(tableOf(disk)).toMatchObject({
        partitionTable: 'gpt',
        partitions: [{ name: 'root' }],
        endBytes: disk.length,
        damage: [damage, 'the partitions are those of the second GPT header'],
      })
    }
  })

  it('is read where its check sum is wrong and there is no second header', () => {
    const disk = Buffer.from(gptDisk()).subarray(0, mebibyte - sector)
    disk[sector + 40] = 0xff
    expect(tableOf(disk)).toMatchObject({
      partitions: [{ name: 'root' }],
      endBytes: mebibyte,
      damage: ['the check sum of the first GPT header is wrong', 'the second GPT header is missing'],
    })
  })

  it('is an MBR with a contradiction where no header can be found', () => {
    const disk = Buffer.from(gptDisk())
    disk.fill(0, sector, 2 * sector)
    disk.fill(0, disk.length - sector)
    expect(tableOf(disk)).toMatchObject({
      partitionTable: 'mbr',
      partitions: [{ type: 'ee' }],
      endBytes: disk.length,
      damage: ['the MBR announces a GPT that is not there'],
    })
  })

  it('tells entries whose check sum is wrong, and partitions in impossible places', () => {
    const disk = Buffer.from(gptDisk())
    // The first sector of the partition is put behind its last.
    disk.writeUInt32LE(0x7fff_ffff, 2 * sector + 36)
    expect(tableOf(disk)).toMatchObject({
      partitions: [],
      damage: ['the check sum of the GPT entries is wrong', 'partition 1 has no possible place'],
    })
  })

  it('does not follow entries out of the disk', () => {
    const disk = Buffer.from(gptDisk())
    disk.writeBigUInt64LE(2n ** 60n, sector + 72)
    disk.fill(0, disk.length - sector)
    expect(tableOf(disk)).toMatchObject({
      partitions: [],
      damage: ['the check sum of the first GPT header is wrong', 'the GPT entries lead out of the disk'],
    })
  })

  it('is looked at as a whole where it has some more entries, as discs have', () => {
    const disk = Buffer.from(gptDisk())
    disk.writeUInt32LE(248, sector + 80)
    disk.fill(0, disk.length - sector)
    expect(tableOf(disk)).toMatchObject({ partitions: [{ name: 'root' }], unread: [] })
  })

  it('is looked at for 128 entries, and the rest is told as unread', () => {
    const disk = Buffer.from(gptDisk())
    disk.writeUInt32LE(0xffff_ffff, sector + 80)
    disk.fill(0, disk.length - sector)
    expect(tableOf(disk)).toMatchObject({
      partitions: [{ name: 'root' }],
      unread: [{ part: 'gpt-entries', from: 129 }],
    })
  })

  it('does not count where an MBR with other partitions was written over it', () => {
    const disk = Buffer.from(gptDisk())
    disk.set(rawDisk().subarray(440, sector), 440)
    expect(tableOf(disk)).toMatchObject({
      partitionTable: 'mbr',
      partitions: [{ type: '83' }],
      damage: ['behind the MBR stands a GPT that it does not announce'],
    })
  })

  it('has control characters in names replaced', () => {
    const disk = Buffer.from(gptDisk())
    disk.write('a\u001b[2Jb', 2 * sector + 56, 'utf16le')
    expect(tableOf(disk).partitions[0]?.name).toBe('a\ufffd[2Jb')
  })

  it('on sectors of 4096 bytes has its places in those', () => {
    const disk = Buffer.alloc(64 * 4096)
    disk.write('EFI PART', 4096, 'latin1')
    disk.writeBigUInt64LE(1n, 4096 + 24)
    disk.writeBigUInt64LE(63n, 4096 + 32)
    disk.writeBigUInt64LE(2n, 4096 + 72)
    disk.writeUInt32LE(4, 4096 + 80)
    disk.writeUInt32LE(128, 4096 + 84)
    disk.write('28732ac11ff8d211ba4b00a0c93ec93b', 2 * 4096, 'hex')
    disk.writeBigUInt64LE(10n, 2 * 4096 + 32)
    disk.writeBigUInt64LE(19n, 2 * 4096 + 40)
    expect(tableOf(disk)).toMatchObject({
      partitionTable: 'gpt',
      sectorBytes: 4096,
      partitions: [{ purpose: 'efi-system', at: 40_960, bytes: 40_960 }],
      endBytes: disk.length,
    })
  })

  it.each([100, 512, 600, 4095])(
    'that cannot be read to its beginning is unknown, and not absent (%i bytes)',
    (length) => {
      const short = { bytes: Buffer.from(gptDisk()).subarray(0, Math.min(length, 512)), short: 'unavailable' } as const
      const reading = readPartitionTable(wholeFile(mebibyte))
      let step = reading.next()
      while (step.done !== true) step = reading.next(short)
      expect(step.value).toEqual({ partitions: [], damage: [], unread: [{ part: 'partition-table' }] })
    },
  )
})

describe('an MBR', () => {
  it('is read with its partitions and its end', () => {
    expect(tableOf(rawDisk())).toEqual({
      partitionTable: 'mbr',
      sectorBytes: 512,
      partitions: [
        { number: 1, type: '83', purpose: 'linux', at: 64 * sector, bytes: mebibyte - 64 * sector, active: false },
      ],
      endBytes: mebibyte,
      damage: [],
      unread: [],
    })
  })

  it('is not the boot sector of a file system, nor an empty disk, nor a short file', () => {
    const bootSector = Buffer.alloc(4096, 0x6e)
    bootSector.set([0x55, 0xaa], 510)
    for (const bytes of [bootSector, Buffer.alloc(mebibyte), Buffer.alloc(10), Buffer.alloc(0)]) {
      expect(tableOf(bytes)).toEqual({ partitionTable: 'none', partitions: [], damage: [], unread: [] })
    }
  })

  it('has logical partitions from number 5 on', () => {
    const { partitions, unread } = tableOf(chained([64, 80, 96]))
    expect(partitions.map(({ number, at, purpose }) => [number, at / sector, purpose])).toEqual([
      [1, 64, 'extended'],
      [5, 66, 'linux'],
      [6, 82, 'linux'],
      [7, 98, 'linux'],
    ])
    expect(unread).toEqual([])
  })

  it('is followed for six links, and whether there are more is told as unread', () => {
    const whole = tableOf(chained([64, 80, 96, 112, 128, 144]))
    expect([whole.partitions.length, whole.unread]).toEqual([7, []])
    const cut = tableOf(chained([64, 80, 96, 112, 128, 144, 160]))
    expect([cut.partitions.length, cut.unread]).toEqual([7, [{ part: 'logical-partitions', after: 6 }]])
  })

  it('whose chain bites its tail ends', () => {
    expect(tableOf(chained([64, 80, 96, 80])).unread).toEqual([{ part: 'logical-partitions', after: 6 }])
  })
})

describe('the order in which partitions are looked at', () => {
  it('begins with what is booted from, then root, then the largest, and leaves out what holds nothing', () => {
    const partition = (number: number, purpose: Partition['purpose'], bytes: number, type = '83'): Partition => ({
      number,
      type,
      purpose,
      at: number * mebibyte,
      bytes,
      active: false,
    })
    const partitions = [
      partition(1, 'linux-swap', 900),
      partition(2, 'linux', 100),
      partition(3, 'bios-boot', 800),
      partition(4, 'windows-recovery', 700),
      partition(5, undefined, 600),
      partition(6, 'linux-root', 10),
      partition(7, 'efi-system', 5),
      partition(8, undefined, 1000, 'ee'),
      partition(9, 'microsoft-reserved', 500),
      partition(10, 'extended', 500),
      partition(11, 'freebsd-boot', 500),
      partition(12, 'linux-verity', 500),
    ]
    expect(inOrderOfWorth(partitions).map(({ number }) => number)).toEqual([7, 6, 5, 2, 4, 1])
  })
})

describe.runIf(hasTools)('tables that tools make', () => {
  let folder = { path: '', remove: async () => {} }
  beforeAll(async () => {
    folder = await workFolder()
  })
  afterAll(() => folder.remove())
  const disk = (megabytes: number): Promise<string> => sparse(`${folder.path}/disk`, megabytes * mebibyte)
  const table = (path: string) => readFile(path, readPartitionTable).value

  /** Number, place and length of each partition as parted prints them, in bytes. */
  const asParted = async (path: string): Promise<readonly (readonly number[])[]> =>
    (await runTool('parted', '-s', '-m', path, 'unit', 'B', 'print'))
      .split('\n')
      .filter((line) => /^\d+:/.test(line))
      .map((line) => line.split(':', 4).map((field) => Number.parseInt(field, 10)))
      .map(([number = 0, at = 0, , bytes = 0]) => [number, at, bytes])
      .sort(([one = 0], [other = 0]) => one - other)
  const places = (partitions: readonly Partition[]): readonly (readonly number[])[] =>
    partitions.map(({ number, at, bytes }) => [number, at, bytes])

  it('agree with parted on a GPT of a cloud image', async () => {
    const path = await disk(256)
    await runTool('sgdisk', '-n', '14:2048:+4M', '-t', '14:ef02', '-n', '15:0:+106M', '-t', '15:ef00', path)
    await runTool('sgdisk', '-n', '1:0:0', '-t', '1:8305', '-c', '1:cloudimg-rootfs', '-A', '1:set:2', path)
    const facts = table(path)
    expect(places(facts.partitions)).toEqual(await asParted(path))
    expect(facts).toMatchObject({ partitionTable: 'gpt', endBytes: 256 * mebibyte, damage: [], unread: [] })
    expect(facts.partitions).toMatchObject([
      { purpose: 'linux-root', rootArchitecture: 'arm64', name: 'cloudimg-rootfs', active: true },
      { purpose: 'bios-boot', active: false },
      { purpose: 'efi-system', active: false },
    ])
  })

  it('agree with parted on an MBR with logical partitions', async () => {
    const path = await disk(128)
    const make = ['mkpart', 'primary', 'ext4', '1MiB', '32MiB', 'mkpart', 'extended', '32MiB', '127MiB']
    const logical = [
      'mkpart',
      'logical',
      'ext4',
      '33MiB',
      '64MiB',
      'mkpart',
      'logical',
      'linux-swap',
      '65MiB',
      '127MiB',
    ]
    await runTool('parted', '-s', path, 'mklabel', 'msdos', ...make, ...logical, 'set', '1', 'boot', 'on')
    const facts = table(path)
    expect(places(facts.partitions)).toEqual(await asParted(path))
    expect(facts).toMatchObject({ partitionTable: 'mbr', endBytes: 127 * mebibyte, unread: [] })
    expect(facts.partitions.map(({ purpose, active }) => [purpose, active])).toEqual([
      ['linux', true],
      ['extended', false],
      ['linux', false],
      ['linux-swap', false],
    ])
  })

  it('know a hybrid MBR, in which a partition of the GPT may be active', async () => {
    const path = await disk(64)
    await runTool('sgdisk', '-n', '1:2048:+16M', '-n', '2:0:+16M', '-h', '1', path)
    expect(table(path).partitions.map(({ active }) => active)).toEqual([false, false])
    await overwrite(path, 446 + 16, Uint8Array.of(0x80))
    expect(table(path)).toMatchObject({ partitionTable: 'gpt', partitions: [{ active: true }, { active: false }] })
  })

  it('are found at their end after the beginning was wiped', async () => {
    const path = await disk(64)
    await runTool('sgdisk', '-n', '1:2048:+16M', path)
    const before = table(path).partitions
    await overwrite(path, 512, Buffer.alloc(33 * 512))
    const { value, requests } = readFile(path, readPartitionTable)
    expect(value).toMatchObject({ partitions: before, endBytes: 64 * mebibyte })
    expect(requests).toBe(1)
  })

  it('know the types that sgdisk knows', async () => {
    const types = [
      ['8303', { purpose: 'linux-root', rootArchitecture: 'x86' }],
      ['8304', { purpose: 'linux-root', rootArchitecture: 'x86-64' }],
      ['8307', { purpose: 'linux-root', rootArchitecture: 'arm' }],
      ['830a', { purpose: 'linux-root', rootArchitecture: 'ia64' }],
      ['830c', { purpose: 'linux-verity', rootArchitecture: 'x86-64' }],
      ['830e', { purpose: 'linux-verity', rootArchitecture: 'arm64' }],
      ['8314', { purpose: 'linux-usr', rootArchitecture: 'x86-64' }],
      ['8316', { purpose: 'linux-usr', rootArchitecture: 'arm64' }],
      ['8302', { purpose: 'linux-home' }],
      ['8306', { purpose: 'linux-srv' }],
      ['8310', { purpose: 'linux-var' }],
      ['8311', { purpose: 'linux-var' }],
      ['8500', { purpose: 'linux-usr' }],
      ['8312', { purpose: 'linux-home' }],
      ['8319', { purpose: 'linux-verity' }],
      ['831b', { purpose: 'linux-verity' }],
      ['8502', { purpose: 'linux-oem' }],
      ['ea00', { purpose: 'linux-boot' }],
      ['8200', { purpose: 'linux-swap' }],
      ['8e00', { purpose: 'linux-lvm' }],
      ['fd00', { purpose: 'linux-raid' }],
      ['0c01', { purpose: 'microsoft-reserved' }],
      ['0700', { purpose: 'microsoft-data' }],
      ['2700', { purpose: 'windows-recovery' }],
      ['a503', { purpose: 'freebsd' }],
    ] as const
    const path = await disk(64)
    await runTool(
      'sgdisk',
      ...types.flatMap(([code], index) => ['-n', `${index + 1}:0:+1M`, '-t', `${index + 1}:${code}`]),
      path,
    )
    expect(table(path).partitions).toMatchObject(types.map(([, facts]) => facts))
  })
})
