import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { conclude } from '../../src/inspect/guest/conclusions.ts'
import { readDisk } from '../../src/inspect/guest/read-disk.ts'
import type { Medium } from '../../src/inspect/reading.ts'
import { isCi, missingOf, runTool } from '../tools.ts'
import { firstOf, mebibyte, overwrite, place, readFile, sparse, workFolder } from './guest-disks.ts'

const tools = ['sgdisk', 'parted', 'mkfs.ext4', 'mkfs.xfs', 'mkfs.btrfs', 'mkfs.ntfs', 'mkfs.vfat', 'mcopy', 'mmd']
const missing = missingOf(tools)
const hasTools = missing.length === 0
if (!hasTools) process.stderr.write(`${missing.join(', ')}: not installed, so whole disks made by them are left out\n`)

it.runIf(isCi)('the tools that make disks are installed on the build machine', () => {
  expect(missing).toEqual([])
})

describe.runIf(hasTools)('a disk as real tools make it', () => {
  let folder = { path: '', remove: async () => {} }
  beforeAll(async () => {
    folder = await workFolder()
  })
  afterAll(() => folder.remove())

  const file = (name: string, megabytes: number): Promise<string> =>
    sparse(`${folder.path}/${name}`, megabytes * mebibyte)
  const grub = Buffer.from([0xeb, 0x63, 0x90, 0x10, 0x8e, 0xd0])

  /** Puts an EFI system partition of so many MiB with these boot loaders at a place in MiB. */
  const putEsp = async (disk: string, at: number, megabytes: number, loaders: readonly string[]): Promise<void> => {
    const esp = await file('esp', megabytes)
    await runTool('mkfs.vfat', '-F', '32', esp)
    const content = await file('content', 1)
    await overwrite(content, 0, Buffer.alloc(mebibyte, 0x90))
    const made = new Set<string>()
    for (const loader of loaders) {
      const steps = loader.split('/').slice(0, -1)
      for (const path of steps.map((_, index) => steps.slice(0, index + 1).join('/'))) {
        if (!made.has(path)) await runTool('mmd', '-i', esp, `::${path}`)
        made.add(path)
      }
      await runTool('mcopy', '-i', esp, content, `::${loader}`)
    }
    await place(esp, disk, at * mebibyte)
  }
  const putFileSystem = async (disk: string, at: number, megabytes: number, tool: string, ...options: string[]) => {
    const volume = await file('volume', megabytes)
    await runTool(tool, ...options, volume)
    await place(volume, disk, at * mebibyte)
  }
  const look = (path: string, most?: number) => {
    const { value, requests } = readFile(path, readDisk, most)
    return { disk: value, requests, conclusions: conclude(value) }
  }

  const debian = async (): Promise<string> => {
    const disk = await file('disk', 1024)
    await runTool(
      'sgdisk',
      '-n',
      '14:2048:+3M',
      '-t',
      '14:ef02',
      '-n',
      '15:0:+124M',
      '-t',
      '15:ef00',
      '-n',
      '1:0:0',
      disk,
    )
    await runTool('sgdisk', '-t', '1:8304', disk)
    await overwrite(disk, 0, grub)
    const loaders = ['debian/shimx64.efi', 'debian/grubx64.efi', 'debian/fbx64.efi', 'BOOT/BOOTX64.EFI']
    await putEsp(disk, 4, 124, ['EFI/debian/mmx64.efi', ...loaders.map((name) => `EFI/${name}`)])
    await putFileSystem(disk, 128, 800, 'mkfs.ext4', '-q')
    return disk
  }

  it('by Debian boots both ways, for few requests', async () => {
    const { disk, requests, conclusions } = look(await debian())
    expect(disk).toMatchObject({ bootCode: true, damage: [], unread: [], endBytes: 1024 * mebibyte })
    expect(disk.partitions.map(({ number, fileSystem }) => [number, fileSystem])).toEqual([
      [1, 'ext4'],
      [14, undefined],
      [15, 'fat32'],
    ])
    expect(disk.bootLoaders).toContain('EFI/BOOT/BOOTX64.EFI')
    expect(disk.bootLoaders.length).toBe(5)
    expect(conclusions).toMatchObject({
      firmware: { value: 'both' },
      architecture: { value: 'x86_64' },
      osFamily: { value: 'linux' },
      encrypted: { value: false },
      multipleDisks: { value: false },
    })
    expect(requests).toBeLessThanOrEqual(6)
  })

  it('by Debian keeps what tells most where less can be had, and says what is left out', async () => {
    const path = await debian()
    const { requests } = look(path)
    for (let most = 0; most < requests; most += 1) {
      const { disk, conclusions } = look(path, most)
      expect(disk.unread.length, `${most} requests`).toBeGreaterThan(0)
      expect(disk.partitions.length).toBe(3)
      expect(['both', undefined]).toContain(conclusions.firmware?.value)
      expect([false, undefined]).toContain(conclusions.encrypted?.value)
      expect(conclusions.multipleDisks).toBeUndefined()
      // The type of its root partition is in the table.
      expect(conclusions).toMatchObject({ architecture: { value: 'x86_64' }, osFamily: { value: 'linux' } })
    }
  })

  it('by Ubuntu for ARM, with a partition for /boot, starts by UEFI alone', async () => {
    const disk = await file('disk', 1024)
    await runTool(
      'sgdisk',
      '-n',
      '15:2048:+99M',
      '-t',
      '15:ef00',
      '-n',
      '16:0:+200M',
      '-t',
      '16:ea00',
      '-n',
      '1:0:0',
      disk,
    )
    await putEsp(disk, 1, 99, ['EFI/ubuntu/shimaa64.efi', 'EFI/ubuntu/grubaa64.efi', 'EFI/BOOT/BOOTAA64.EFI'])
    await putFileSystem(disk, 100, 200, 'mkfs.ext4', '-q')
    await putFileSystem(disk, 300, 700, 'mkfs.ext4', '-q')
    const { requests, conclusions } = look(disk)
    expect(conclusions).toMatchObject({
      firmware: { value: 'uefi' },
      architecture: { value: 'aarch64' },
      osFamily: { value: 'linux' },
    })
    expect(requests).toBeLessThanOrEqual(6)
  })

  it('by Fedora has btrfs, and a loader for old firmware beside that for its processor', async () => {
    const disk = await file('disk', 1024)
    await runTool(
      'sgdisk',
      '-n',
      '1:2048:+1M',
      '-t',
      '1:ef02',
      '-n',
      '2:0:+100M',
      '-t',
      '2:ef00',
      '-n',
      '3:0:+300M',
      disk,
    )
    await runTool('sgdisk', '-n', '4:0:0', disk)
    await overwrite(disk, 0, grub)
    await putEsp(disk, 2, 100, ['EFI/BOOT/BOOTIA32.EFI', 'EFI/BOOT/BOOTX64.EFI', 'EFI/fedora/shimx64.efi'])
    await putFileSystem(disk, 102, 300, 'mkfs.ext4', '-q')
    await putFileSystem(disk, 402, 600, 'mkfs.btrfs', '-q')
    const { disk: facts, requests, conclusions } = look(disk)
    expect(facts.partitions.map(({ fileSystem }) => fileSystem)).toEqual([undefined, 'fat32', 'ext4', 'btrfs'])
    expect(conclusions).toMatchObject({ firmware: { value: 'both' }, architecture: { value: 'x86_64' } })
    expect(requests).toBeLessThanOrEqual(7)
  })

  it('with an MBR and one active partition starts by BIOS alone', async () => {
    const disk = await file('disk', 512)
    const make = ['mklabel', 'msdos', 'mkpart', 'primary', 'xfs', '1MiB', '400MiB', 'mkpart', 'primary', 'linux-swap']
    await runTool('parted', '-s', disk, ...make, '400MiB', '500MiB', 'set', '1', 'boot', 'on')
    await putFileSystem(disk, 1, 390, 'mkfs.xfs', '-q')
    const { disk: facts, conclusions } = look(disk)
    expect(facts).toMatchObject({ partitionTable: 'mbr', bootCode: true, partitions: [{ fileSystem: 'xfs' }, {}] })
    expect(conclusions).toMatchObject({ firmware: { value: 'bios' }, osFamily: { value: 'linux' } })
    expect(conclusions.architecture).toBeUndefined()
  })

  it('that holds data alone starts nowhere', async () => {
    const disk = await file('disk', 64)
    await runTool('parted', '-s', disk, 'mklabel', 'msdos', 'mkpart', 'primary', 'ext4', '1MiB', '60MiB')
    await putFileSystem(disk, 1, 59, 'mkfs.ext4', '-q')
    expect(look(disk)).toMatchObject({ disk: { bootCode: false }, conclusions: { firmware: { value: 'none' } } })
    await runTool('parted', '-s', disk, 'mklabel', 'gpt')
    await putFileSystem(disk, 1, 59, 'mkfs.ext4', '-q')
    expect(look(disk)).toMatchObject({ disk: { bootCode: false }, conclusions: { firmware: { value: 'none' } } })
  })

  it('by FreeBSD starts by the boot partition of its own', async () => {
    const disk = await file('disk', 64)
    const types = ['-t', '1:a501', '-t', '2:a503']
    await runTool('sgdisk', '-n', '1:2048:+512K', '-n', '2:0:0', ...types, disk)
    await overwrite(disk, 0, Buffer.from([0xfc, 0x31, 0xc0, 0x8e]))
    await overwrite(disk, mebibyte, Buffer.from([0xeb, 0x02]))
    await overwrite(disk, 2 * mebibyte + 65_536 + 1372, Buffer.from([0x19, 0x01, 0x54, 0x19]))
    const { disk: facts, conclusions } = look(disk)
    expect(facts.partitions).toMatchObject([{ purpose: 'freebsd-boot' }, { purpose: 'freebsd', fileSystem: 'ufs' }])
    expect(conclusions).toMatchObject({ firmware: { value: 'bios' }, osFamily: { value: 'bsd' } })
  })

  it('by Windows is known by its loader and its reserved partition', async () => {
    const disk = await file('disk', 256)
    await runTool('sgdisk', '-n', '1:2048:+100M', '-t', '1:ef00', '-n', '2:0:+16M', '-t', '2:0c01', '-n', '3:0:0', disk)
    await runTool('sgdisk', '-t', '3:0700', disk)
    await putEsp(disk, 1, 100, [
      'EFI/Microsoft/Boot/bootmgfw.efi',
      'EFI/Microsoft/Boot/memtest.efi',
      'EFI/Boot/bootx64.efi',
    ])
    await putFileSystem(disk, 117, 100, 'mkfs.ntfs', '-q', '-F')
    const { disk: facts, conclusions } = look(disk)
    expect(facts.bootLoaders).toEqual(['EFI/Boot/bootx64.efi', 'EFI/Microsoft/Boot/bootmgfw.efi'])
    expect(conclusions).toMatchObject({
      firmware: { value: 'uefi' },
      architecture: { value: 'x86_64' },
      osFamily: { value: 'windows' },
    })
  })

  it('by Windows with an MBR is known by the NTFS that it starts from', async () => {
    const disk = await file('disk', 128)
    const make = ['mklabel', 'msdos', 'mkpart', 'primary', 'ntfs', '1MiB', '120MiB', 'set', '1', 'boot', 'on']
    await runTool('parted', '-s', disk, ...make)
    await putFileSystem(disk, 1, 100, 'mkfs.ntfs', '-q', '-F')
    expect(look(disk).conclusions).toMatchObject({ firmware: { value: 'bios' }, osFamily: { value: 'windows' } })
  })

  it('has its boot loaders in a FAT file system that is not marked, or that is all there is', async () => {
    const disk = await file('disk', 128)
    await runTool('parted', '-s', disk, 'mklabel', 'msdos', 'mkpart', 'primary', 'fat32', '1MiB', '100MiB')
    await putEsp(disk, 1, 99, ['EFI/BOOT/BOOTRISCV64.EFI'])
    expect(look(disk).conclusions).toMatchObject({ firmware: { value: 'uefi' }, architecture: { value: 'riscv64' } })
    expect(look(`${folder.path}/esp`)).toMatchObject({
      disk: { partitionTable: 'none', fileSystem: 'fat32', bootCode: false, bootLoaders: ['EFI/BOOT/BOOTRISCV64.EFI'] },
      conclusions: { firmware: { value: 'uefi' } },
    })
  })

  it('with more partitions than are looked at has the file systems of the rest unread', async () => {
    const disk = await file('disk', 64)
    await runTool('sgdisk', ...Array.from({ length: 18 }, (_, index) => ['-n', `${index + 1}:0:+1M`]).flat(), disk)
    expect(look(disk).disk.unread).toEqual([
      { part: 'file-system', partition: 17 },
      { part: 'file-system', partition: 18 },
    ])
  })

  it('that holds nothing in a partition says so, and nothing where that could not be read', async () => {
    const disk = await file('disk', 64)
    await runTool('sgdisk', '-n', '1:2048:+10M', '-n', '2:0:+10M', '-n', '3:0:0', '-t', '1:ef02', disk)
    await putFileSystem(disk, 11, 10, 'mkfs.ext4', '-q')
    expect(look(disk).disk.partitions.map(({ blank }) => blank)).toEqual([undefined, undefined, true])
    expect(look(disk, 0).disk.partitions.map(({ blank }) => blank)).toEqual([undefined, undefined, undefined])
    expect(look(await file('blank', 64)).disk).not.toHaveProperty('blank')
  })

  it('that was cut short has its partitions, and what they lead to is damage', async () => {
    const disk = await file('disk', 64)
    await runTool('sgdisk', '-n', '1:2048:+10M', '-n', '2:0:0', disk)
    await putFileSystem(disk, 1, 10, 'mkfs.ext4', '-q')
    const { value } = readFile(disk, (whole) => readDisk(firstOf(whole, 10 * mebibyte)))
    expect(value).toMatchObject({
      partitions: [{ fileSystem: 'ext4' }, {}],
      endBytes: 64 * mebibyte,
      damage: [
        'the GPT leads out of the disk',
        'partition 1 leads out of the disk',
        'partition 2 leads out of the disk',
      ],
    })
    expect(conclude(value).firmware).toBeUndefined()
  })

  it('that was cut short within a partition says so, by a GPT and by an MBR', async () => {
    for (const label of ['gpt', 'msdos']) {
      const disk = await file('disk', 64)
      await runTool('parted', '-s', disk, 'mklabel', label, 'mkpart', 'primary', 'ext4', '1MiB', '60MiB')
      await putFileSystem(disk, 1, 59, 'mkfs.ext4', '-q')
      const damageOf = (bytes: number) => readFile(disk, (whole) => readDisk(firstOf(whole, bytes))).value.damage
      expect(damageOf(64 * mebibyte), label).toEqual([])
      expect(damageOf(60 * mebibyte - 512), label).toContain('partition 1 leads out of the disk')
    }
  })

  it.each([
    ['mkfs.ext4', ['-q', '-F'], 40],
    ['mkfs.ext4', ['-q', '-F', '-t', 'ext2', '-b', '1024'], 40],
    ['mkfs.ext4', ['-q', '-F', '-O', '^64bit', '-b', '4096'], 40],
    ['mkfs.xfs', ['-q', '-f'], 304],
    ['mkfs.btrfs', ['-q', '-f'], 120],
  ])('holds no file system that is larger than what it lies in (%s %j)', async (tool, options, megabytes) => {
    const disk = await file('disk', megabytes + 10)
    const damageWith = async (end: number) => {
      await runTool('parted', '-s', disk, 'mklabel', 'gpt', 'mkpart', 'primary', '1MiB', `${end}MiB`)
      await putFileSystem(disk, 1, megabytes, tool, ...options)
      return look(disk).disk.damage
    }
    expect(await damageWith(1 + megabytes)).toEqual([])
    expect(await damageWith(2 + megabytes)).toEqual([])
    expect(await damageWith(megabytes)).toEqual(['the file system of partition 1 is larger than it'])
    const volume = `${folder.path}/volume`
    const damageOf = (bytes: number) => readFile(volume, (whole) => readDisk(firstOf(whole, bytes))).value.damage
    expect(damageOf(megabytes * mebibyte)).toEqual([])
    expect(damageOf(megabytes * mebibyte - 4096)).toEqual(['the file system of the disk is larger than the disk'])
  })

  it('that is whole in a file which is not has its partitions within itself', async () => {
    const disk = await file('disk', 64)
    await runTool('sgdisk', '-n', '1:2048:+10M', '-n', '2:0:0', disk)
    await putFileSystem(disk, 1, 10, 'mkfs.ext4', '-q')
    const lacking = (whole: Medium): Medium => ({
      length: whole.length,
      *read(at, length) {
        const part = yield* firstOf(whole, 10 * mebibyte).read(at, length)
        return part.short === 'end' ? { ...part, short: 'damaged' } : part
      },
    })
    expect(readFile(disk, (whole) => readDisk(lacking(whole))).value).toMatchObject({
      partitions: [{ fileSystem: 'ext4' }, {}],
      damage: ['the beginning of partition 2 cannot be read'],
    })
  })
})
