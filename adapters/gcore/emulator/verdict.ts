import { readDiskImage } from '../../../src/inspect/disk-image.ts'
import type { ImportRules } from './settings.ts'
import type { FileVerdict } from './stored-import.ts'

const refusal = (error: string): FileVerdict => ({ ok: false, error })

// On an older page only. [facts 11]
const uncertainFormats: readonly string[] = ['vmdk', 'iso']

/**
 * Judges a file by its bytes. The documented formats are raw, vhd, vhdx, vdi, ploop, qcow2, aki, ari and ami. Whether vmdk and iso,
 * and compressed files, are taken is unconfirmed, and an option each: of a compressed file nothing is then looked at. The texts
 * are this emulator's: no source shows the provider's. [facts 3.6, 11]
 */
export const judge = (bytes: Uint8Array, rules: Pick<ImportRules, 'uncertainFormats' | 'compression'>): FileVerdict => {
  const facts = readDiskImage(bytes)
  if (facts.html === true) return refusal('Image import failed: the URL answered with a web page, not with an image')
  if (facts.compression !== undefined) {
    return rules.compression === 'taken'
      ? { ok: true, fileBytes: bytes.length, virtualBytes: bytes.length }
      : refusal(`Image import failed: the image is compressed with ${facts.compression}, which is not supported`)
  }
  if (facts.archive !== undefined) {
    return refusal(`Image import failed: the file is a ${facts.archive} archive, not an image`)
  }
  if (facts.format === undefined) return refusal('Image import failed: the format of the image was not recognised')
  if (rules.uncertainFormats === 'refused' && uncertainFormats.includes(facts.format)) {
    return refusal(`Image import failed: the format ${facts.format} is not supported`)
  }
  if (!facts.truncated) return { ok: true, fileBytes: bytes.length, virtualBytes: facts.virtualBytes ?? bytes.length }
  const expected = facts.promisedBytes === undefined ? '' : `, and should have at least ${facts.promisedBytes}`
  return refusal(`Image import failed: the ${facts.format} image is truncated: it has ${bytes.length} bytes${expected}`)
}
