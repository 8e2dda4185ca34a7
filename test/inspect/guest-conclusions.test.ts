import { describe, expect, it } from 'vitest'
import { conclude } from '../../src/inspect/guest/conclusions.ts'
import type { DiskFacts, Partition, UnreadPart } from '../../src/inspect/guest/disk-facts.ts'

const disk = (facts: Partial<DiskFacts> = {}): DiskFacts => ({
  partitionTable: 'gpt',
  sectorBytes: 512,
  partitions: [],
  bootCode: false,
  bootLoaders: [],
  damage: [],
  unread: [],
  ...facts,
})
const partition = (number: number, facts: Partial<Partition> = {}): Partition => ({
  number,
  type: '0fc63daf-8483-4772-8e79-3d69d8477de4',
  at: number * 2 ** 20,
  bytes: 2 ** 20,
  active: false,
  ...facts,
})
const esp = partition(15, { purpose: 'efi-system', fileSystem: 'fat32' })
const loader = 'EFI/BOOT/BOOTX64.EFI'

describe('the firmware', () => {
  const firmware = (facts: Partial<DiskFacts>) => conclude(disk(facts)).firmware

  it('is that for which there is something to start', () => {
    const biosBoot = partition(14, { purpose: 'bios-boot' })
    expect(firmware({ partitions: [esp], bootLoaders: [loader] })?.value).toBe('uefi')
    expect(firmware({ partitions: [esp, biosBoot], bootLoaders: [loader], bootCode: true })?.value).toBe('both')
    expect(firmware({ partitions: [biosBoot], bootCode: true })?.value).toBe('bios')
    expect(firmware({ partitions: [partition(1, { active: true })], bootCode: true })?.value).toBe('bios')
    expect(firmware({ partitionTable: 'mbr', partitions: [partition(1)], bootCode: true })?.value).toBe('bios')
    expect(firmware({ partitionTable: 'none', bootCode: true })?.value).toBe('bios')
  })

  it('is none where everything was read and nothing can be started', () => {
    expect(firmware({ partitions: [esp, partition(1)] })).toEqual({
      value: 'none',
      evidence: ['no boot loader in the EFI system partition', 'no boot code in the first sector'],
    })
    // Windows writes code into the MBR before a GPT that starts nothing.
    expect(firmware({ partitions: [partition(1)], bootCode: true })?.value).toBe('none')
  })

  it('is unknown where what decides it was not read', () => {
    const unread: readonly UnreadPart[] = [{ part: 'boot-loaders', partition: 15 }]
    expect(firmware({ partitions: [esp], unread })).toBeUndefined()
    expect(firmware({ partitions: [esp], bootCode: true, unread })).toBeUndefined()
    expect(firmware({ partitions: [esp], damage: ['partition 15 leads out of the disk'] })).toBeUndefined()
    expect(firmware({ bootLoaders: [loader], bootCode: undefined })).toBeUndefined()
    expect(firmware({ partitionTable: undefined, bootCode: undefined })).toBeUndefined()
    expect(firmware({ partitionTable: 'none', fileSystem: 'iso9660' })).toBeUndefined()
  })

  it('does not need what cannot hold a boot loader', () => {
    const root = partition(1, { purpose: 'linux' })
    const unread: readonly UnreadPart[] = [{ part: 'file-system', partition: 1 }]
    expect(firmware({ partitionTable: 'mbr', partitions: [root], bootCode: true, unread })?.value).toBe('bios')
    expect(firmware({ partitions: [esp, root], unread })?.value).toBe('none')
    for (const purpose of [undefined, 'microsoft-data', 'efi-system'] as const)
      expect(firmware({ partitions: [partition(1, { purpose })], bootCode: true, unread })).toBeUndefined()
    expect(firmware({ partitions: [root], unread: [...unread, { part: 'gpt-entries', from: 129 }] })).toBeUndefined()
  })

  it('by a BIOS does not need the end of a long chain of logical partitions', () => {
    const logical = [5, 6].map((number) => partition(number, { purpose: 'linux' }))
    const given = {
      partitionTable: 'mbr',
      partitions: logical,
      unread: [{ part: 'logical-partitions', after: 2 }],
    } as const
    expect(firmware({ ...given, bootCode: true })?.value).toBe('bios')
    expect(firmware({ ...given, bootCode: false })).toBeUndefined()
    const more: readonly UnreadPart[] = [...given.unread, { part: 'boot-loaders', partition: 15 }]
    expect(firmware({ ...given, bootCode: true, unread: more })).toBeUndefined()
  })

  it('is not concluded from partitions that no firmware finds', () => {
    const damage = ['the MBR does not announce the GPT']
    expect(firmware({ partitions: [esp], bootLoaders: [loader], damage })).toBeUndefined()
    expect(firmware({ partitions: [esp], bootLoaders: [loader], bootCode: true, damage })).toBeUndefined()
  })

  it('is that of the MBR where an older GPT was left behind it', () => {
    const damage = ['behind the MBR stands a GPT that it does not announce']
    const given = { partitionTable: 'mbr', partitions: [partition(1)], bootCode: true, damage } as const
    expect(firmware(given)?.value).toBe('bios')
    expect(firmware({ ...given, damage: [...damage, 'partition 1 leads out of the disk'] })).toBeUndefined()
  })

  it('of FreeBSD is a BIOS by the boot partition of its own', () => {
    const partitions = [partition(1, { purpose: 'freebsd-boot' }), partition(2, { purpose: 'freebsd' })]
    expect(firmware({ partitions, bootCode: true })).toEqual({
      value: 'bios',
      evidence: ['no EFI system partition', 'boot code in the first sector, and partition 1 is for BIOS boot'],
    })
    expect(firmware({ partitions, bootCode: false })?.value).toBe('none')
  })

  it('by UEFI alone does not need what cannot change it', () => {
    expect(firmware({ bootLoaders: [loader], unread: [{ part: 'file-system', partition: 1 }] })?.value).toBe('uefi')
  })

  it('says where only a registered loader is there', () => {
    const found = firmware({ bootLoaders: ['EFI/debian/grubx64.efi'] })
    expect(found?.value).toBe('uefi')
    expect(found?.evidence[0]).toContain('only where it is registered')
  })
})

describe('the architecture', () => {
  const architecture = (bootLoaders: readonly string[], ...partitions: readonly Partition[]) =>
    conclude(disk({ bootLoaders, partitions })).architecture

  it.each([
    ['EFI/BOOT/BOOTX64.EFI', 'x86_64'],
    ['EFI/boot/bootaa64.efi', 'aarch64'],
    ['EFI/BOOT/BOOTIA32.EFI', 'x86'],
    ['EFI/BOOT/BOOTARM.EFI', 'arm'],
    ['EFI/BOOT/BOOTRISCV64.EFI', 'riscv64'],
    ['EFI/BOOT/BOOTLOONGARCH64.EFI', 'loongarch64'],
    ['EFI/debian/shimaa64.efi', 'aarch64'],
  ])('by %s is %s', (path, value) => {
    expect(architecture([path])).toEqual({ value, evidence: [`the boot loader ${path}`] })
  })

  it('is not told by names that say nothing', () => {
    const names = [
      'EFI/Microsoft/Boot/bootmgfw.efi',
      'EFI/BOOT/BOOTCONSTRUCTOR.EFI',
      'EFI/BOOT/BOOT.EFI',
      'EFI/Linux/a.efi',
    ]
    expect(architecture(names)).toBeUndefined()
  })

  it('is that of the root partition', () => {
    const root = partition(1, { purpose: 'linux-root', rootArchitecture: 'ppc64-le' })
    expect(architecture([], root)).toEqual({ value: 'ppc64le', evidence: ['partition 1 has a type for ppc64-le'] })
  })

  it('is not concluded from loaders for several, unless the root partition decides', () => {
    const loaders = ['EFI/BOOT/BOOTX64.EFI', 'EFI/BOOT/BOOTAA64.EFI']
    const root = (rootArchitecture: string) => partition(1, { purpose: 'linux-root', rootArchitecture })
    expect(architecture(loaders)).toBeUndefined()
    expect(architecture(loaders, root('arm64'))?.value).toBe('aarch64')
    expect(architecture(loaders, root('riscv64'))).toBeUndefined()
    expect(architecture(['EFI/BOOT/BOOTX64.EFI'], root('arm64'))).toBeUndefined()
    expect(architecture([], root('arm64'), root('x86-64'))).toBeUndefined()
  })

  it('for 64 bits may have a loader for 32 beside it', () => {
    const found = architecture(['EFI/BOOT/BOOTIA32.EFI', 'EFI/BOOT/BOOTX64.EFI'])
    expect(found?.value).toBe('x86_64')
    expect(found?.evidence.length).toBe(2)
  })
})

describe('the family of operating systems', () => {
  const family = (facts: Partial<DiskFacts>) => conclude(disk(facts)).osFamily?.value

  it('is that of everything which points to one', () => {
    expect(family({ partitions: [partition(1, { fileSystem: 'ext4' })] })).toBe('linux')
    expect(family({ partitions: [partition(1, { purpose: 'linux-root' })] })).toBe('linux')
    expect(family({ partitionTable: 'none', fileSystem: 'xfs' })).toBe('linux')
    expect(family({ partitions: [partition(1, { purpose: 'microsoft-reserved' })] })).toBe('windows')
    expect(family({ partitions: [partition(1, { fileSystem: 'bitlocker' })] })).toBe('windows')
    expect(family({ bootLoaders: ['EFI/Microsoft/Boot/bootmgfw.efi'] })).toBe('windows')
    expect(family({ partitions: [partition(1, { purpose: 'freebsd' })] })).toBe('bsd')
    expect(family({ partitions: [partition(1, { purpose: 'freebsd-boot' })] })).toBe('bsd')
    expect(family({ partitions: [partition(1, { fileSystem: 'ufs' })] })).toBe('bsd')
    expect(family({ partitions: [partition(1, { type: 'a6' })] })).toBe('bsd')
  })

  it('is not concluded from a partition that any system reads, nor from hints of several', () => {
    const ntfs = partition(1, { type: '07', purpose: 'microsoft-data', fileSystem: 'ntfs' })
    expect(family({ partitions: [ntfs] })).toBeUndefined()
    expect(family({ partitions: [{ ...ntfs, active: true }] })).toBe('windows')
    expect(family({ partitions: [{ ...ntfs, active: true }, partition(2, { fileSystem: 'ext4' })] })).toBe('linux')
    const both = [partition(1, { purpose: 'microsoft-reserved' }), partition(2, { fileSystem: 'ext4' })]
    expect(family({ partitions: both })).toBeUndefined()
    expect(family({ partitions: [esp] })).toBeUndefined()
  })
})

describe('the family where a BIOS starts the active partition alone', () => {
  const ntfs = partition(1, { type: '07', purpose: 'microsoft-data', fileSystem: 'ntfs', active: true })
  const ext4 = partition(2, { fileSystem: 'ext4' })
  const family = (facts: Partial<DiskFacts>) =>
    conclude(disk({ partitionTable: 'mbr', bootCode: true, startsActive: true, ...facts })).osFamily

  it('is Windows where that holds NTFS, whatever lies beside it', () => {
    expect(family({ partitions: [ntfs, ext4] })).toEqual({
      value: 'windows',
      evidence: ['the code in the first sector starts partition 1, which holds ntfs'],
    })
    expect(
      family({
        partitions: [
          { ...ntfs, active: false },
          { ...ext4, active: true },
        ],
      })?.value,
    ).toBe('linux')
  })

  it('is not concluded where UEFI may start another system', () => {
    expect(family({ partitions: [ntfs, ext4], bootLoaders: [loader] })).toBeUndefined()
  })
})

describe('encryption', () => {
  const encrypted = (...partitions: readonly Partition[]) => conclude(disk({ partitions })).encrypted?.value

  it('is that of the root partition, or else of the largest', () => {
    const boot = partition(2, { fileSystem: 'ext4' })
    const luks = partition(3, { fileSystem: 'luks', bytes: 2 ** 30 })
    expect(encrypted(esp, boot, luks)).toBe(true)
    expect(encrypted(esp, boot)).toBe(false)
    expect(encrypted(partition(3, { fileSystem: 'bitlocker' }))).toBe(true)
    expect(encrypted(partition(1, { fileSystem: 'ext4', purpose: 'linux-root' }), luks)).toBe(false)
    expect(conclude(disk({ partitionTable: 'none', fileSystem: 'luks' })).encrypted?.value).toBe(true)
  })

  it('says which partition it goes by, and why', () => {
    const evidence = (...partitions: readonly Partition[]) => conclude(disk({ partitions })).encrypted?.evidence
    const luks = partition(3, { fileSystem: 'luks', bytes: 2 ** 30 })
    expect(evidence(esp, luks)).toEqual(['partition 3 holds luks'])
    expect(evidence(partition(2, { fileSystem: 'ext4' }), luks)).toEqual(['partition 3, the largest, holds luks'])
    expect(evidence({ ...luks, purpose: 'linux-root' })).toEqual(['partition 3, the root, holds luks'])
  })

  it('does not go by what lies beside a system, however large that is', () => {
    const luks = partition(3, { fileSystem: 'luks' })
    for (const purpose of ['linux-boot', 'linux-home', 'linux-srv', 'linux-var', 'linux-usr', 'linux-oem'] as const) {
      const large = partition(2, { fileSystem: 'ext4', purpose, bytes: 2 ** 40 })
      expect(encrypted(esp, large, luks), purpose).toBe(true)
      expect(encrypted(esp, { ...large, fileSystem: 'luks' }, partition(1, { fileSystem: 'ext4' })), purpose).toBe(
        false,
      )
      expect(encrypted(esp, large), purpose).toBeUndefined()
    }
  })

  it('of Windows is that of the largest partition that may hold it', () => {
    const data = (number: number, fileSystem: Partition['fileSystem'], bytes = 2 ** 20) =>
      partition(number, { purpose: 'microsoft-data', fileSystem, bytes })
    expect(encrypted(data(1, 'ntfs'), data(2, 'bitlocker', 2 ** 30))).toBe(true)
    expect(encrypted(data(1, 'ntfs'), data(2, undefined, 2 ** 30))).toBeUndefined()
    expect(encrypted(data(1, 'fat32', 2 ** 30), data(2, 'ntfs'))).toBe(false)
    expect(encrypted(partition(1, { fileSystem: 'ext4', bytes: 2 ** 30 }), data(2, 'bitlocker'))).toBeUndefined()
  })

  it('is unknown where it cannot be seen from outside', () => {
    expect(encrypted()).toBeUndefined()
    expect(encrypted(esp)).toBeUndefined()
    expect(encrypted(partition(1))).toBeUndefined()
    expect(encrypted(partition(1, { fileSystem: 'lvm' }))).toBeUndefined()
    const small = partition(2, { fileSystem: 'luks' })
    expect(encrypted(partition(1, { fileSystem: 'ext4', bytes: 2 ** 30 }), small)).toBeUndefined()
  })
})

describe('several disks', () => {
  const several = (facts: Partial<DiskFacts>) => conclude(disk(facts)).multipleDisks?.value
  const member = (number: number, fileSystem: Partition['fileSystem'], members?: number) =>
    partition(number, { fileSystem, members })

  it('belong together where something has more members than are here', () => {
    expect(several({ partitions: [member(1, 'lvm', 2)] })).toBe(true)
    expect(several({ partitions: [member(1, 'ext4'), member(2, 'md-raid', 2)] })).toBe(true)
    expect(several({ partitionTable: 'none', fileSystem: 'btrfs', members: 2 })).toBe(true)
  })

  it('do not where nothing has others', () => {
    expect(several({ partitions: [member(1, 'ext4')] })).toBe(false)
    expect(several({ partitions: [member(1, 'lvm', 1), member(2, 'btrfs', 1)] })).toBe(false)
    expect(several({ damage: ['behind the MBR stands a GPT that it does not announce'] })).toBe(false)
  })

  it('are unknown where the members are, or are all here but may be of different groups', () => {
    expect(several({ partitions: [member(1, 'lvm')] })).toBeUndefined()
    expect(several({ partitions: [member(1, 'zfs')] })).toBeUndefined()
    expect(several({ partitions: [member(1, 'lvm', 2), member(2, 'lvm', 2)] })).toBeUndefined()
    expect(several({ partitions: [], unread: [{ part: 'file-system', partition: 1 }] })).toBeUndefined()
  })
})

it('nothing is concluded of a disk of which nothing is known', () => {
  expect(conclude({ partitions: [], bootLoaders: [], damage: [], unread: [] })).toEqual({})
})
