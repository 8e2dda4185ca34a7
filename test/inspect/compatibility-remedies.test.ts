import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { digitalOceanCapabilities } from 'imageferry/digitalocean'
import { gcoreCapabilities } from 'imageferry/gcore'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rawDisk } from '../../demo/disk-images.ts'
import { checkCompatibility } from '../../src/inspect/compatibility/check.ts'
import type { FindingCode, IntendedImport } from '../../src/inspect/compatibility/finding.ts'
import { shellWord } from '../../src/inspect/compatibility/shell-word.ts'
import type { ImageFacts } from '../../src/inspect/facts.ts'
import { forAll } from '../for-all.ts'
import { isCi, missingOf } from '../tools.ts'
import { arbitraryFacts, text } from './arbitrary-facts.ts'
import { facts, local, named, usualSource } from './made-up-facts.ts'

const remedyOf = (
  code: FindingCode,
  given: Partial<ImageFacts>,
  capabilities = digitalOceanCapabilities,
  intended: IntendedImport = {},
): string | undefined =>
  checkCompatibility(facts(given), capabilities, intended).findings.find((finding) => finding.code === code)?.remedy

const mind = 'if you trust the image, since this reads what it names'
const madeOneFile = 'Make one file of it with the program that made it, where the other files are, and import that'

const vmdk = { format: 'vmdk', source: local('disk.vmdk') } as const

describe('a remedy', () => {
  it.each<readonly [FindingCode, Partial<ImageFacts>, remedy: string]>([
    ['uncertain-format', vmdk, "qemu-img convert -O qcow2 'disk.vmdk' 'disk.qcow2'"],
    [
      'uncertain-format',
      { ...vmdk, source: named('disk.vmdk') },
      "Download it first, then: qemu-img convert -O qcow2 'disk.vmdk' 'disk.qcow2'",
    ],
    ['uncertain-format', { format: 'iso' }, 'Install from it into a disk, and import that disk'],
    [
      'uncertain-compression',
      { compressions: ['xz'], source: local('/images/disk.raw.xz') },
      "xz -dk '/images/disk.raw.xz'",
    ],
    ['uncertain-compression', { compressions: ['zstd'], source: local('disk') }, "zstd -dc 'disk' > 'disk.unpacked'"],
    [
      'nested-compression',
      { compressions: ['gzip', 'bzip2'], source: local('disk.img.bz2.gz') },
      "gzip -dk 'disk.img.bz2.gz' && bzip2 -dk 'disk.img.bz2'",
    ],
    ['archive', { archive: { kind: 'tar', entries: [] }, source: local('box.ova') }, "tar -xf 'box.ova'"],
    [
      'archive',
      { archive: { kind: 'tar', entries: [] }, compressions: ['xz'], source: local('box.tar.xz') },
      "tar -xf 'box.tar.xz'",
    ],
    [
      'backing-file',
      { features: { backingFile: '/images/base.qcow2' }, source: local('disk.qcow2') },
      `Only ${mind}: qemu-img convert -O qcow2 'disk.qcow2' 'disk.flat.qcow2'`,
    ],
    [
      'backing-file',
      { features: { backingFile: "base's.qcow2" } },
      `Download it and 'base'\\''s.qcow2' into one folder under these names, then, only ${mind}: ` +
        "qemu-img convert -O qcow2 'disk.qcow2' 'disk.flat.qcow2'",
    ],
    ...['https://a.example/base.qcow2', 'json:{}', 'nbd:unix:/x'].map(
      (backingFile) =>
        ['backing-file', { features: { backingFile }, source: local('disk.qcow2') }, madeOneFile] as const,
    ),
    ['backing-file', { features: { backingFile: '/images/base.qcow2' } }, madeOneFile],
    ['backing-file', { features: { backingFile: 'base\u0007.qcow2' } }, madeOneFile],
    ['backing-file', { format: 'vhdx', variant: 'differencing', source: local('disk.vhdx') }, madeOneFile],
    ['data-file', { features: { dataFile: '' }, source: local('disk.qcow2') }, madeOneFile],
    [
      'data-file',
      { features: { dataFile: 'disk.data' } },
      `Download it and 'disk.data' into one folder under these names, then, only ${mind}: ` +
        "qemu-img convert -O qcow2 'disk.qcow2' 'disk.flat.qcow2'",
    ],
    [
      'several-files',
      { features: { furtherFiles: ['a-s001.vmdk', 'a-s002.vmdk'] }, format: 'vmdk', source: named('a.vmdk') },
      `Download it and 'a-s001.vmdk', 'a-s002.vmdk' into one folder under these names, then, only ${mind}: ` +
        "qemu-img convert -O qcow2 'a.vmdk' 'a.flat.qcow2'",
    ],
    ['unknown-features', { features: { unknownFeatures: ['bit 9'] } }, 'Convert it with the program that made it'],
    ['unknown-features', { features: { unsupported: ['sectors'] } }, 'Convert it with the program that made it'],
    [
      'corrupt',
      { features: { corrupt: true }, source: local('disk.qcow2') },
      "qemu-img check -f qcow2 -r all 'disk.qcow2'",
    ],
    ['corrupt', { ...vmdk, features: { corrupt: true } }, ''],
    ['corrupt', { features: { damage: ['no header'] } }, 'Make it anew from the disk that it was made from'],
    [
      'encrypted-format',
      { features: { encryption: 'luks' }, source: local('a,b.qcow2') },
      "qemu-img convert --object secret,id=key,file=passphrase.txt --image-opts 'driver=qcow2,encrypt.key-secret=key," +
        "file.driver=file,file.filename=a,,b.qcow2' -O qcow2 'a,b.decrypted.qcow2'",
    ],
    ['encrypted-format', { ...vmdk, features: { encryption: 'aes' } }, ''],
  ])('for %s is exact (%#)', (code, given, remedy) => {
    expect(remedyOf(code, given, gcoreCapabilities) ?? '').toBe(remedy)
  })

  it('tells qemu-img of a format that it does not tell by itself', () => {
    expect(remedyOf('format', { format: 'vhd', source: local('disk.vhd') })).toBe(
      "qemu-img convert -f vpc -O qcow2 'disk.vhd' 'disk.qcow2'",
    )
    expect(remedyOf('format', { format: 'ploop', source: local('root.hdd') })).toBe(
      "qemu-img convert -f parallels -O qcow2 'root.hdd' 'root.qcow2'",
    )
  })

  it('takes the compression off before it converts', () => {
    expect(remedyOf('format', { format: 'vhd', compressions: ['gzip'], source: local('disk.vhd.gz') })).toBe(
      "gzip -dk 'disk.vhd.gz' && qemu-img convert -f vpc -O qcow2 'disk.vhd' 'disk.qcow2'",
    )
  })

  it('makes a disk smaller in a format in which that can be done', () => {
    const fit = 'ake the file systems and partitions in it smaller, since what is cut off is lost'
    const large = { virtualBytes: 120 * 1000 ** 3 }
    expect(remedyOf('too-large', { ...large, source: local('disk.qcow2') })).toBe(
      `M${fit}; then: qemu-img resize --shrink -f qcow2 'disk.qcow2' 93G`,
    )
    expect(
      remedyOf('too-large', { ...large, format: 'raw', compressions: ['gzip'], source: named('disk.raw.gz') }),
    ).toBe(`Download it; run: gzip -dk 'disk.raw.gz'; m${fit}; then: qemu-img resize --shrink -f raw 'disk.raw' 93G`)
    expect(remedyOf('too-large', { ...large, format: 'vdi', source: local('disk.vdi') })).toBe(
      `Run: qemu-img convert -O qcow2 'disk.vdi' 'disk.qcow2'; m${fit}; then: qemu-img resize --shrink -f qcow2 'disk.qcow2' 93G`,
    )
    expect(remedyOf('too-large', { ...large, features: { backingFile: 'base.qcow2' } })).toBe(
      `M${fit}, and then the disk`,
    )
  })

  it.each<readonly [path: string, also: Partial<ImageFacts>, made: string]>([
    ['a/disk.qcow2', {}, 'a/disk.converted.qcow2'],
    ['a/disk.QCOW2', {}, 'a/disk.converted.qcow2'],
    ['a/disk.converted.qcow2', {}, 'a/disk.converted.converted.qcow2'],
    ['a/disk.vhd', {}, 'a/disk.qcow2'],
    ['a/disk.img', { features: { backingFile: '/b/disk.qcow2' } }, 'a/disk.converted.qcow2'],
    ['a/disk.qcow2', { compressions: ['gzip'] }, 'a/disk.qcow2.qcow2'],
  ])('that converts %s puts nothing in the place of what is read (%#)', (path, also, made) => {
    const remedy = remedyOf('format', { format: 'vhd', source: local(path), ...also }) ?? ''
    expect(remedy.endsWith(` '${made}'`)).toBe(true)
  })

  it('names the field of the import to set', () => {
    const { conclusions } = facts()
    const uefi: Partial<ImageFacts> = { conclusions: { ...conclusions, firmware: { value: 'uefi', evidence: ['x'] } } }
    expect(remedyOf('firmware', uefi, gcoreCapabilities)).toBe("Import it with firmware: 'uefi'")
    expect(remedyOf('firmware', uefi)).toBeUndefined()
    const arm: Partial<ImageFacts> = { conclusions: { architecture: { value: 'aarch64', evidence: ['x'] } } }
    expect(remedyOf('architecture', arm, gcoreCapabilities)).toBe("Import it with architecture: 'aarch64'")
    const windows: Partial<ImageFacts> = { conclusions: { osFamily: { value: 'windows', evidence: ['x'] } } }
    expect(remedyOf('operating-system', windows, gcoreCapabilities)).toBe("Import it with os: { family: 'windows' }")
    const bsd: Partial<ImageFacts> = { conclusions: { osFamily: { value: 'bsd', evidence: ['x'] } } }
    expect(remedyOf('operating-system', bsd, gcoreCapabilities)).toBeUndefined()
  })
})

const missing = missingOf(['bash', 'qemu-img', 'gzip', 'bzip2', 'xz', 'zstd'])
const hasTools = missing.length === 0
if (!hasTools) process.stderr.write(`${missing.join(', ')}: not installed, so remedies are not carried out\n`)

it.runIf(isCi)('the tools that remedies name are installed on the build machine', () => {
  expect(missing).toEqual([])
})

/** A name as a file can have it. */
const kept = (name: string): string => Buffer.from(name.replaceAll('\0', '_')).toString()

/** The path that a downloaded file has in a remedy. */
const pathOf = (fileName: string): string => {
  const name = kept(fileName).replaceAll('/', '_')
  const path = ['', '.', '..'].includes(name) ? 'disk' : name
  return path.startsWith('-') || path.includes(':') ? `./${path}` : path
}

/** Functions of bash in the place of the programs that remedies run: each prints what it is given. */
const recorders = ['qemu-img', 'gzip', 'bzip2', 'xz', 'zstd', 'tar', 'unzip', '7z', 'unrar']
  .map((program) => `${program}() { printf '%s\\0' run ${program} "$@" >&3; }`)
  .join('\n')

/** What remedies run: for each of them the programs with their arguments. There is no path, so that nothing else could be. */
const recorded = (folder: string, remedies: readonly string[]): readonly (readonly (readonly string[])[])[] => {
  const script = [
    'set -e',
    'PATH=',
    'exec 3>&1',
    recorders,
    ...remedies.flatMap((one) => ["printf '%s\\0' next >&3", one]),
  ]
  const words = execFileSync('bash', ['-c', script.join('\n')], { cwd: folder, encoding: 'utf8' }).split('\0')
  return words.slice(0, -1).reduce<string[][][]>((all, word) => {
    if (word === 'next') all.push([])
    else if (word === 'run') all.at(-1)?.push([])
    else all.at(-1)?.at(-1)?.push(word)
    return all
  }, [])
}

describe.runIf(hasTools)('whatever a file is called', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'remedies-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const odd = fc.string({
    unit: fc.constantFrom(...'\'"\\$`! \n\t\u0000\u001b\u009b\u202eé-;&|(){}*?~#7z', '\ud800', '😀'),
    maxLength: 12,
  })
  const name = fc.oneof(text, odd)

  it('its name is one word of a shell, without control characters, and the shell reads the name from it', () => {
    forAll(
      [fc.array(name, { minLength: 50, maxLength: 100 })],
      (names) => {
        const words = names.map(shellWord)
        for (const word of words) expect(word).not.toMatch(/\p{C}/u)
        const printed = execFileSync('bash', ['-c', `printf '%s\\0' ${words.join(' ')}`], { encoding: 'utf8' })
        expect(printed.split('\0').slice(0, -1)).toEqual(names.map(kept))
      },
      30,
    )
  })

  /** What stands before the commands of a remedy for a file at a URL. */
  const words = [
    /^Download it first, then: /,
    /^Download it and .* into one folder under these names, then, only if you trust the image, since this reads what it names: /,
    /^Download it; (?:run: (.*); )?make the file systems and partitions in it smaller, since what is cut off is lost; then: /,
  ]
  const commandsOf = (remedy: string): readonly string[] =>
    words
      .filter((one) => one.test(remedy))
      .map((one) => remedy.replace(one, (_, first?: unknown) => (typeof first === 'string' ? `${first} && ` : '')))

  const counts = (remedy: string): boolean => remedy.endsWith('| wc -c')
  const unpacks = (program: string): string => `${program} -dc`

  it('remedies run the programs that they name on that file, and nothing else', () => {
    forAll(
      [arbitraryFacts, fc.constantFrom(digitalOceanCapabilities, gcoreCapabilities), name],
      (drawn, capabilities, fileName) => {
        const given: ImageFacts = { ...drawn, source: { ...usualSource, fileName } }
        const remedies = checkCompatibility(given, capabilities, { minimumDiskBytes: 2 ** 50 }).findings.flatMap(
          ({ remedy = '' }) => commandsOf(remedy),
        )
        const path = pathOf(fileName)
        // What only counts reads the file that the shell opens for it, whatever its name ends with.
        const [counting, others] = [remedies.filter(counts), remedies.filter((one) => !counts(one))]
        for (const one of counting) {
          const [program = '', ...inner] = given.compressions
          expect(one).toBe([`${program} -dc < ${shellWord(path)}`, ...inner.map(unpacks), 'wc -c'].join(' | '))
        }
        const runs = recorded(folder, others)
        expect(runs.length).toBe(others.length)
        for (const [first = []] of runs) {
          expect(
            first.some((word) => word === path || word.endsWith(`file.filename=${path.replaceAll(',', ',,')}`)),
          ).toBe(true)
        }
      },
      60,
    )
  })
})

interface ImageInfo {
  readonly format: string
  readonly 'virtual-size': number
  readonly 'full-backing-filename'?: string
  readonly encrypted?: boolean
  readonly snapshots?: readonly unknown[]
}

describe.runIf(hasTools)('a remedy that is pasted into a shell', () => {
  const execute = promisify(execFile)
  const bytes = 2 ** 20
  /** A name that a careless quotation would trip over. */
  const odd = `-it's "x" $(touch bad), nbd:\n\u001b`
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'remedies-'))
    await writeFile(join(folder, 'source.img'), rawDisk({ bytes }))
  })
  afterEach(async () => {
    expect(await readdir(folder)).not.toContain('bad')
    await rm(folder, { recursive: true, force: true })
  })

  const run = async (program: string, ...args: readonly string[]): Promise<string> =>
    (await execute(program, args, { cwd: folder })).stdout
  const image = (...args: readonly string[]): Promise<string> => run('qemu-img', ...args)
  const paste = (remedy: string | undefined): Promise<string> => run('bash', '-c', remedy ?? 'exit 9')
  const info = async (name: string): Promise<ImageInfo> => JSON.parse(await image('info', '--output=json', `./${name}`))
  const sameContents = (name: string): Promise<string> => image('compare', './source.img', `./${name}`)

  it('converts a VMDK', async () => {
    await image('convert', '-f', 'raw', '-O', 'vmdk', 'source.img', `./${odd}.vmdk`)
    await paste(remedyOf('uncertain-format', { format: 'vmdk', source: local(`${odd}.vmdk`) }, gcoreCapabilities))
    expect((await info(`${odd}.qcow2`)).format).toBe('qcow2')
    await sameContents(`${odd}.qcow2`)
  })

  it('converts a fixed VHD in gzip', async () => {
    await image('convert', '-f', 'raw', '-O', 'vpc', '-o', 'subformat=fixed,force_size', 'source.img', `./${odd}.vhd`)
    await run('gzip', `./${odd}.vhd`)
    const given = { format: 'vhd', compressions: ['gzip'], source: local(`${odd}.vhd.gz`) } as const
    await paste(remedyOf('format', given))
    await sameContents(`${odd}.qcow2`)
  })

  it.each(['gzip', 'bzip2', 'xz', 'zstd'] as const)('unpacks %s, whatever the name ends in', async (compression) => {
    await run('bash', '-c', `${compression} -c source.img > packed`)
    await paste(
      remedyOf('uncertain-compression', { compressions: [compression], source: local('packed') }, gcoreCapabilities),
    )
    await sameContents('packed.unpacked')
    const extension = { gzip: 'gz', bzip2: 'bz2', xz: 'xz', zstd: 'zst' }[compression]
    await rename(join(folder, 'packed'), join(folder, `${odd}.raw.${extension}`))
    const source = local(`${odd}.raw.${extension}`)
    await paste(remedyOf('uncertain-compression', { compressions: [compression], source }, gcoreCapabilities))
    await sameContents(`${odd}.raw`)
  })

  it('takes an archive apart', async () => {
    await run('tar', '-cJf', `./${odd}.tar.xz`, '--transform=s/source/disk/', 'source.img')
    const archive = { kind: 'tar', entries: ['disk.img'] } as const
    await paste(remedyOf('archive', { archive, compressions: ['xz'], source: local(`${odd}.tar.xz`) }))
    await sameContents('disk.img')
  })

  it('puts a layer and what is below it into one file', async () => {
    await image('convert', '-f', 'raw', '-O', 'qcow2', 'source.img', 'base.qcow2')
    await image('create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', 'base.qcow2', `./${odd}.qcow2`)
    const given = { features: { backingFile: 'base.qcow2' }, source: local(`${odd}.qcow2`) }
    await paste(remedyOf('backing-file', given)?.replace(`Only ${mind}: `, ''))
    expect((await info(`${odd}.flat.qcow2`))['full-backing-filename']).toBeUndefined()
    await sameContents(`${odd}.flat.qcow2`)
  })

  it('leaves snapshots out', async () => {
    await image('convert', '-f', 'raw', '-O', 'qcow2', 'source.img', `./${odd}.qcow2`)
    await image('snapshot', '-c', 'before', `./${odd}.qcow2`)
    await paste(remedyOf('internal-snapshots', { features: { snapshots: 1 }, source: local(`${odd}.qcow2`) }))
    expect((await info(`${odd}.flat.qcow2`)).snapshots ?? []).toEqual([])
    await sameContents(`${odd}.flat.qcow2`)
  })

  it('decrypts', async () => {
    await writeFile(join(folder, 'passphrase.txt'), 'secret')
    const secret = ['--object', 'secret,id=key,file=passphrase.txt']
    const options = ['-o', 'encrypt.format=aes,encrypt.key-secret=key']
    await image('convert', ...secret, '-f', 'raw', '-O', 'qcow2', ...options, 'source.img', `./${odd}.qcow2`)
    await paste(remedyOf('encrypted-format', { features: { encryption: 'aes' }, source: local(`${odd}.qcow2`) }))
    expect((await info(`${odd}.decrypted.qcow2`)).encrypted).not.toBe(true)
    await sameContents(`${odd}.decrypted.qcow2`)
  })

  it.each(['dirty', 'corrupt'] as const)('repairs what is %s', async (code) => {
    const path = join(folder, `${odd}.qcow2`)
    await image('convert', '-f', 'raw', '-O', 'qcow2', 'source.img', `./${odd}.qcow2`)
    const marked = await readFile(path)
    // The incompatible features, of which the first bit means dirty and the second corrupt.
    marked.writeUInt8(code === 'dirty' ? 1 : 2, 79)
    await writeFile(path, marked)
    await paste(remedyOf(code, { features: { [code]: true }, source: local(`${odd}.qcow2`) }))
    expect((await readFile(path)).readUInt8(79)).toBe(0)
  })

  it.each(['qcow2', 'vmdk'] as const)('makes a %s smaller than the limit', async (format) => {
    await image('create', '-q', '-f', format, `disk.${format}`, '120G')
    const given = { format, virtualBytes: 120 * 2 ** 30, source: local(`disk.${format}`) } as const
    const remedy = remedyOf('too-large', given) ?? ''
    await paste(remedy.replace(/^(?:Run: (.*); )?[Mm]ake .*; then: /, (_, first?: string) => `${first ?? 'true'} && `))
    expect((await info('disk.qcow2'))['virtual-size']).toBe(93 * 2 ** 30)
  })

  it('makes the disk as large as the least one is to be', async () => {
    await image('convert', '-f', 'raw', '-O', 'qcow2', 'source.img', `./${odd}.qcow2`)
    const intended = { minimumDiskBytes: 3 * bytes + 1 }
    const given = { virtualBytes: bytes, source: local(`${odd}.qcow2`) }
    await paste(remedyOf('minimum-disk', given, digitalOceanCapabilities, intended))
    expect((await info(`${odd}.qcow2`))['virtual-size']).toBe(3 * bytes + 512)
  })
})
