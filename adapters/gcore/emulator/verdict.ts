import type { DiskImageFacts } from '../../../src/inspect/disk-image.ts'
import { readDiskImage } from '../../../src/inspect/disk-image.ts'

/** What the importer makes of the fetched bytes: the facts of a disk image, or the text of the task's error. */
export type Verdict =
  | { readonly ok: true; readonly facts: DiskImageFacts }
  | { readonly ok: false; readonly error: string }

const refusal = (error: string): Verdict => ({ ok: false, error })

/**
 * Judges a file by its bytes. The documented formats are raw, vhd, vhdx, vdi, ploop, qcow2, aki, ari and ami; vmdk and iso
 * stand on an older page only and are let through, being uncertain and not refused. Compression is documented nowhere and is
 * refused, which is unconfirmed. The texts are this emulator's: no source shows the provider's. [facts 3.6, 11]
 */
export const judge = (bytes: Uint8Array): Verdict => {
  const facts = readDiskImage(bytes)
  if (facts.html === true) return refusal('Image import failed: the URL answered with a web page, not with an image')
  if (facts.compression !== undefined) {
    return refusal(`Image import failed: the image is compressed with ${facts.compression}, which is not supported`)
  }
  if (facts.archive !== undefined) {
    return refusal(`Image import failed: the file is a ${facts.archive} archive, not an image`)
  }
  if (facts.format === undefined) return refusal('Image import failed: the format of the image was not recognised')
  if (!facts.truncated) return { ok: true, facts }
  const expected = facts.promisedBytes === undefined ? '' : `, and should have at least ${facts.promisedBytes}`
  return refusal(`Image import failed: the ${facts.format} image is truncated: it has ${bytes.length} bytes${expected}`)
}
