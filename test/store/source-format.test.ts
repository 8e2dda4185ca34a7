import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SourceFormat, sourceFormatOf } from '../../src/store/source-format.ts'
import { forAll } from '../for-all.ts'

const formats = ['raw', 'qcow2', 'vhd', 'vhdx', 'vdi', 'vmdk', 'ploop', 'iso', 'ami', 'ari', 'aki'] as const
const compressions = { gz: 'gzip', bz2: 'bzip2', xz: 'xz', zst: 'zstd' } as const

const anyStem = fc.stringMatching(/^[a-z0-9_-]{1,20}$/)
const anyCase = (text: string) =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((upper) => [...text].map((letter, index) => (upper[index] === true ? letter.toUpperCase() : letter)).join(''))

describe('what the file name of a URL says', () => {
  it.each<[string, SourceFormat]>([
    ['disk.qcow2', { format: 'qcow2' }],
    ['disk.qcow', { format: 'qcow2' }],
    ['disk.raw', { format: 'raw' }],
    ['disk.vhd', { format: 'vhd' }],
    ['disk.vmdk', { format: 'vmdk' }],
    ['disk.iso', { format: 'iso' }],
    ['disk.qcow2.gz', { format: 'qcow2', compression: 'gzip' }],
    ['disk.bin.bz2', { compression: 'bzip2' }],
    ['disk.img.xz', { compression: 'xz' }],
    ['disk.gz', { compression: 'gzip' }],
    ['disk-24.04.raw.zst', { format: 'raw', compression: 'zstd' }],
    ['disk.tar', { archive: 'tar' }],
    ['disk.tar.gz', { archive: 'tar', compression: 'gzip' }],
    ['disk.tgz', { archive: 'tar', compression: 'gzip' }],
    ['disk.zip', { archive: 'zip' }],
    ['disk.ova', { archive: 'tar' }],
    ['disk.7z', { archive: '7z' }],
    // Raw images have these extensions as well as qcow2 ones.
    ['disk.img', {}],
    ['disk.bin', {}],
    ['disk', {}],
    ['disk.', {}],
    ['ubuntu-24.04', {}],
    ['', {}],
  ])('%s: %j', (name, said) => {
    expect(sourceFormatOf(`https://images.example.com/a.vhd/${name}`)).toEqual(said)
  })

  it('is read in any capitals, and from the path alone', () => {
    forAll(
      [anyStem, fc.constantFrom(...formats), fc.constantFrom(...Object.keys(compressions), '')],
      (stem, format, packed) => {
        const name = `${stem}.${format}${packed === '' ? '' : `.${packed}`}`
        const said = sourceFormatOf(`https://example.com/${name}`)
        expect(said.format).toBe(format)
        expect(said.compression).toBe(packed === '' ? undefined : compressions[packed as keyof typeof compressions])
        expect(sourceFormatOf(`http://user:pass@example.com:81/x.zip/${name}?file=other.iso&a=b.ova#part.rar`)).toEqual(
          said,
        )
      },
    )
    forAll(
      [
        fc
          .constantFrom('disk.qcow2.gz', 'disk.tar.xz', 'disk.vhdx', 'disk.ova')
          .chain((name) => fc.tuple(fc.constant(name), anyCase(name))),
      ],
      ([name, shouted]) => {
        expect(sourceFormatOf(`https://example.com/${shouted}`)).toEqual(sourceFormatOf(`https://example.com/${name}`))
      },
    )
  })

  it('is nothing for what is no URL, and nothing is thrown', () => {
    for (const text of ['', 'disk.qcow2', '/disk.qcow2', 'https://', 'nonsense.zip'])
      expect(sourceFormatOf(text)).toEqual({})
    forAll([fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true }))], (text) => {
      expect(() => sourceFormatOf(text)).not.toThrow()
    })
  })
})
