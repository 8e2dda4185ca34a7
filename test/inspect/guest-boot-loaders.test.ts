import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBootLoaders } from '../../src/inspect/guest/boot-loaders.ts'
import { isCi, missingOf, runTool } from '../tools.ts'
import { mebibyte, overwrite, readFile, sparse, workFolder } from './guest-disks.ts'

const tools = ['mkfs.vfat', 'mcopy', 'mmd', 'mdel']
const missing = missingOf(tools)
const hasTools = missing.length === 0
if (!hasTools) process.stderr.write(`${missing.join(', ')}: not installed, so boot loaders in FAT are left out\n`)

it.runIf(isCi)('the tools that fill FAT file systems are installed on the build machine', () => {
  expect(missing).toEqual([])
})

describe.runIf(hasTools)('boot loaders in a FAT file system', () => {
  let folder = { path: '', remove: async () => {} }
  beforeAll(async () => {
    folder = await workFolder()
    await sparse(`${folder.path}/loader`, 100_000)
  })
  afterAll(() => folder.remove())

  const made = async (bits: '12' | '16' | '32', options: readonly string[] = []): Promise<string> => {
    const megabytes = { '12': 2, '16': 32, '32': 64 }[bits]
    const path = await sparse(`${folder.path}/fat`, megabytes * mebibyte)
    await runTool('mkfs.vfat', '-F', bits, ...options, path)
    return path
  }
  const folders = (path: string, ...names: readonly string[]) =>
    runTool('mmd', '-i', path, ...names.map((name) => `::${name}`))
  const loader = (path: string, name: string) => runTool('mcopy', '-i', path, `${folder.path}/loader`, `::${name}`)
  const found = (path: string) => readFile(path, readBootLoaders).value

  it.each(['12', '16', '32'] as const)('are found in FAT%s, those that firmware looks for first', async (bits) => {
    const path = await made(bits)
    await folders(path, 'EFI', 'EFI/debian', 'EFI/Microsoft', 'EFI/Microsoft/Boot', 'EFI/BOOT')
    await loader(path, 'EFI/debian/shimx64.efi')
    await loader(path, 'EFI/debian/a long name of a loader.efi')
    await loader(path, 'EFI/Microsoft/Boot/bootmgfw.efi')
    await loader(path, 'EFI/BOOT/BOOTX64.EFI')
    await loader(path, 'EFI/BOOT/grubx64.efi')
    expect(found(path)).toEqual({
      paths: [
        'EFI/BOOT/BOOTX64.EFI',
        'EFI/Microsoft/Boot/bootmgfw.efi',
        'EFI/debian/shimx64.efi',
        'EFI/debian/a long name of a loader.efi',
      ],
      complete: true,
    })
  })

  it('are spelt as they stand there', async () => {
    const path = await made('16')
    await folders(path, 'efi', 'efi/boot')
    await loader(path, 'efi/boot/BootAA64.efi')
    expect(found(path).paths).toEqual(['efi/boot/BootAA64.efi'])
  })

  it('are none where there is no such directory, or nothing in it', async () => {
    const path = await made('32')
    expect(found(path)).toEqual({ paths: [], complete: true })
    await folders(path, 'loader', 'EFI', 'EFI/BOOT')
    await loader(path, 'EFI/BOOT/readme.txt')
    expect(found(path)).toEqual({ paths: [], complete: true })
  })

  it.each(['12', '16', '32'] as const)('are found in directories of many clusters of FAT%s', async (bits) => {
    const path = await made(bits, ['-s', '1'])
    await folders(path, 'EFI', 'EFI/BOOT', 'EFI/other')
    for (let index = 0; index < 40; index += 1) await folders(path, `EFI/BOOT/a directory number ${index}`)
    await loader(path, 'EFI/BOOT/BOOTX64.EFI')
    expect(found(path)).toEqual({ paths: ['EFI/BOOT/BOOTX64.EFI'], complete: true })
  })

  it('do not count where they were deleted', async () => {
    const path = await made('16')
    await folders(path, 'EFI', 'EFI/BOOT')
    await loader(path, 'EFI/BOOT/BOOTX64.EFI')
    await runTool('mdel', '-i', path, '::EFI/BOOT/BOOTX64.EFI')
    expect(found(path)).toEqual({ paths: [], complete: true })
  })

  it('of more vendors than eight are told as incomplete', async () => {
    const path = await made('32')
    const vendors = Array.from({ length: 10 }, (_, index) => `EFI/vendor${index}`)
    await folders(path, 'EFI', ...vendors)
    for (const vendor of vendors) await loader(path, `${vendor}/grubx64.efi`)
    const { paths, complete } = found(path)
    expect([paths.length, complete]).toEqual([9, false])
  })

  it('are not looked for without end where a directory is its own next cluster', async () => {
    const path = await made('32', ['-s', '1'])
    await folders(path, 'EFI', 'EFI/BOOT')
    for (let index = 0; index < 12; index += 1) await folders(path, `EFI/a directory number ${index}`)
    // Entry 3 of the table, which is EFI's: behind 32 reserved sectors.
    await overwrite(path, 32 * 512 + 3 * 4, Uint8Array.of(3, 0, 0, 0))
    const { value, wishes } = readFile(path, readBootLoaders)
    expect(value.complete).toBe(false)
    expect(wishes).toBeLessThan(60)
  })

  it('that lie where nothing can be had are told as incomplete', async () => {
    const path = await made('32')
    await folders(path, 'EFI', 'EFI/BOOT')
    await loader(path, 'EFI/BOOT/BOOTX64.EFI')
    expect(readFile(path, readBootLoaders, 0).value).toEqual({ paths: [], complete: false })
  })
})
