import { appendFile, copyFile, open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { crc32c } from '../../demo/disk-images/crc32c.ts'
import { qemuImgWithKey } from '../inspect/qemu-img.ts'
import { runTool } from '../tools.ts'
import { diskFaults } from './disk-faults.ts'
import type { Fault } from './fault.ts'
import { headerFaults } from './header-faults.ts'
import { sparseFile, writeInto } from './sparse-file.ts'

const sameFolder = (path: string, name: string): string => join(dirname(path), name)

/** Sets bits in a qcow2's 64-bit field of features that a reader has to know. */
const incompatibleBits =
  (bits: bigint): Fault =>
  async (path) => {
    const file = await open(path, 'r+')
    try {
      const field = Buffer.alloc(8)
      await file.read(field, 0, 8, 72)
      field.writeBigUInt64BE(field.readBigUInt64BE() | bits)
      await file.write(field, 0, 8, 72)
    } finally {
      await file.close()
    }
    return path
  }

const cutTo =
  (share: number): Fault =>
  async (path) => {
    const { size } = await stat(path)
    await truncate(path, Math.floor(size * share))
    return path
  }

const inArchive =
  (name: 'tar' | 'zip' | 'tgz' | 'ova'): Fault =>
  async (path) => {
    const archive = `${path}.${name}`
    const [folder, file] = [dirname(path), basename(path)]
    if (name === 'zip') {
      await runTool('zip', '-q', '-j', '-1', archive, path)
    } else if (name === 'ova') {
      await writeFile(sameFolder(path, `${file}.ovf`), '<?xml version="1.0"?><Envelope/>')
      await runTool('tar', '-cf', archive, '-C', folder, `${file}.ovf`, file)
    } else {
      await runTool('tar', name === 'tgz' ? '-czf' : '-cf', archive, '-C', folder, file)
    }
    return archive
  }

/** Made anew from the image by qemu-img, in a way that no importer takes. */
const remade =
  (extension: string, ...options: readonly string[]): Fault =>
  async (path) => {
    const to = `${path}.${extension}`
    await runTool('qemu-img', 'convert', ...options, path, to)
    return to
  }

/** The disk made larger, which changes nothing in its partitions. The second header of a GPT is then in the midst of it. */
const grownTo =
  (size: string): Fault =>
  async (path) => {
    await runTool('qemu-img', 'resize', '-q', '-f', 'qcow2', path, size)
    return path
  }

const memberBytes = 2 ** 28
const members = 560

/**
 * A plain disk and its one partition made larger, to 150 GB, and put into gzip as members one after the other, since to compress so many zeros
 * takes minutes: they are all the same but the first.
 */
const grownInGzip: Fault = async (path) => {
  const [head, zeros] = [`${path}.head`, `${path}.zeros`]
  await truncate(path, members * memberBytes)
  await runTool('parted', '-s', path, 'resizepart', '1', '100%')
  await runTool(
    'dd',
    `if=${path}`,
    `of=${head}`,
    'bs=1M',
    `count=${memberBytes / 2 ** 20}`,
    'conv=sparse',
    'status=none',
  )
  await truncate(head, memberBytes)
  await sparseFile(zeros, memberBytes)
  await runTool('gzip', '-9', head, zeros)
  await rename(`${head}.gz`, `${path}.gz`)
  const packedZeros = await readFile(`${zeros}.gz`)
  await appendFile(`${path}.gz`, Buffer.concat(Array.from({ length: members - 1 }, () => packedZeros)))
  return `${path}.gz`
}

/** In place of the image, a text. */
const replacedBy =
  (text: string): Fault =>
  async (path) => {
    await writeFile(path, text)
    return path
  }

/** Says in both headers of a VHDX that its log has to be worked off: the log's GUID is not zero, and the check sum is right. */
const withLog: Fault = async (path) => {
  const file = await open(path, 'r+')
  try {
    for (const at of [64 * 1024, 128 * 1024]) {
      const header = Buffer.alloc(4096)
      await file.read(header, 0, header.length, at)
      header.fill(0x5a, 48, 64)
      header.writeUInt32LE(0, 4)
      header.writeUInt32LE(crc32c(header), 4)
      await file.write(header, 0, header.length, at)
    }
  } finally {
    await file.close()
  }
  return path
}

/** Every fault by its name. Those of qcow2 want a qcow2 image, those of VMDK any. */
export const faults = {
  'cut in half': cutTo(0.5),
  'cut by a hundredth': cutTo(0.99),
  'cut to a tenth': cutTo(0.1),
  'a backing file': async (path) => {
    const overlay = `${path}.overlay.qcow2`
    await runTool('qemu-img', 'create', '-q', '-f', 'qcow2', '-b', basename(path), '-F', 'qcow2', overlay)
    return overlay
  },
  'an external data file': async (path) => {
    const to = `${path}.external.qcow2`
    await runTool('qemu-img', 'convert', '-O', 'qcow2', '-o', `data_file=${to}.data`, path, to)
    return to
  },
  'encrypted by LUKS': async (path) => {
    const to = `${path}.luks.qcow2`
    const key = [
      '--object',
      'secret,id=s,data=secret',
      '-o',
      'encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10',
    ]
    await qemuImgWithKey('convert', '-O', 'qcow2', ...key, path, to)
    return to
  },
  'encrypted by AES': remade(
    'aes.qcow2',
    ...['-O', 'qcow2', '--object', 'secret,id=s,data=secret', '-o', 'encrypt.format=aes,encrypt.key-secret=s'],
  ),
  'an internal snapshot': async (path) => {
    await runTool('qemu-img', 'snapshot', '-c', 'before', path)
    return path
  },
  'the dirty bit': incompatibleBits(1n),
  'the corrupt bit': incompatibleBits(2n),
  'an unknown feature': incompatibleBits(1n << 40n),
  'split over several files': async (path) => {
    const to = `${path}.split.vmdk`
    await runTool('qemu-img', 'convert', '-O', 'vmdk', '-o', 'subformat=twoGbMaxExtentSparse', path, to)
    return to
  },
  'a part of a split disk': async (path) => {
    const to = `${path}.split.vmdk`
    await runTool('qemu-img', 'convert', '-O', 'vmdk', '-o', 'subformat=twoGbMaxExtentSparse', path, to)
    return to.replace(/\.vmdk$/, '-s001.vmdk')
  },
  'a description and a flat file': async (path) => {
    const to = `${path}.flat.vmdk`
    await runTool('qemu-img', 'convert', '-O', 'vmdk', '-o', 'subformat=monolithicFlat', path, to)
    return to
  },
  'in a tar archive': inArchive('tar'),
  'in a compressed tar archive': inArchive('tgz'),
  'in a zip archive': inArchive('zip'),
  'an appliance': inArchive('ova'),
  'compressed twice': async (path) => {
    await runTool('gzip', '-kf1', path)
    await copyFile(`${path}.gz`, `${path}.gz.twice`)
    await runTool('gzip', '-f1', `${path}.gz.twice`)
    await rename(`${path}.gz.twice.gz`, `${path}.gz.gz`)
    return `${path}.gz.gz`
  },
  'a log-in page in its place': replacedBy('<!DOCTYPE html><html><body>Please log in</body></html>'),
  'an error of an object store in its place': replacedBy(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>',
  ),
  'nothing in it': replacedBy(''),
  'an installation medium in its place': async (path) => {
    const content = `${path}.txt`
    await writeFile(content, 'read me')
    await rm(path)
    await runTool('xorriso', '-as', 'mkisofs', '-quiet', '-o', path, content)
    return path
  },
  'the boot sector wiped': async (path) => {
    await writeInto(path, 0, Buffer.alloc(34 * 512))
    return path
  },
  'an unfinished log': withLog,
  'grown to 40 GB': grownTo('40G'),
  'grown to 120 GB': grownTo('120G'),
  'grown to 10 PB': grownTo('10P'),
  'grown to 150 GB, in gzip': grownInGzip,
  ...headerFaults,
  ...diskFaults,
} as const satisfies Record<string, Fault>

/** A fault by its name. */
export type FaultName = keyof typeof faults

const sectorBytes = 512
/** Larger than what any image that is cut promises, in bytes. */
const largestImage = 2 ** 28

/**
 * Cuts a compressed file to about so many bytes. gzip's end is a length, and by chance, once in 512 times, that what stands in its place says as
 * much as a good one; a small number says more than that it is none, since every image here needs more. Such places are passed over, so that
 * what can be told of the file is the same every time.
 */
const cutPacked =
  (lengthOf: (size: number) => number): Fault =>
  async (path) => {
    const bytes = await readFile(path)
    let length = lengthOf(bytes.length)
    for (;;) {
      const announced = bytes.readUInt32LE(length - 4)
      if (announced % sectorBytes !== 0 && announced > largestImage) break
      length -= 1
    }
    await truncate(path, length)
    return path
  }

const lastMemberBytes = 2 ** 20

/** The same content as members one after the other, as tools make them that pack in parallel. gunzip takes them for one file. */
const inMembers: Fault = async (path) => {
  const content = await readFile(path.replace(/\.gz$/, ''))
  const [half, last] = [Math.floor(content.length / 2), content.length - lastMemberBytes]
  const parts = [content.subarray(0, half), content.subarray(half, last), content.subarray(last)]
  await writeFile(path, Buffer.concat(parts.map((part) => gzipSync(part, { level: 1 }))))
  return path
}

/** What befalls a file that was compressed, such as an upload that was broken off. */
export const packedFaults = {
  'gzip in members': inMembers,
  'cut to 60 %': cutPacked((size) => Math.floor(size * 0.6)),
  'cut by a byte': cutPacked((size) => size - 1),
} as const satisfies Record<string, Fault>

/** One of these by its name. */
export type PackedFaultName = keyof typeof packedFaults
