/** Disks and volumes made by hand, of which real ones are hard to come by: just complete enough for a reader to walk them. */

const mebibyte = 2 ** 20
const sector = 512

/** A text at a place in bytes. */
export type Write = readonly [at: number, text: string]

/** A volume of 128 KiB with these texts in it, each byte a character. */
export const volume = (...writes: readonly Write[]): Buffer => {
  const bytes = Buffer.alloc(128 * 1024)
  for (const [at, text] of writes) bytes.write(text, at, 'latin1')
  return bytes
}

const textAt = 4608

/** An LVM physical volume with its label in the second sector and one metadata area behind the first 4 KiB. */
export const physicalVolume = (text: string, areaAt = 4096): Buffer => {
  const bytes = volume([512, 'LABELONE'], [536, 'LVM2 001'], [areaAt + 4, ' LVM2 x[5A%r0N*>'], [textAt, text])
  bytes.writeUInt32LE(32, 512 + 20)
  bytes.writeUInt32LE(mebibyte, 512 + 32 + 40)
  bytes.writeUInt32LE(areaAt, 512 + 32 + 40 + 32)
  bytes.writeUInt32LE(512, areaAt + 40)
  bytes.writeUInt32LE(text.length, areaAt + 48)
  return bytes
}

/** So many volumes in the metadata of an LVM group, each with a note. */
export const volumes = (count: number, note = ''): string =>
  Array.from({ length: count }, (_, index) => `\t\tpv${index} {\n\t\t\tid = "x"\n${note}\t\t}\n`).join('')

/** The metadata of an LVM group with these volumes. */
export const group = (inside: string): string =>
  `vg0 {\n\tid = "a"\n\tphysical_volumes {\n${inside}\t}\n\tlogical_volumes {\n\t\troot {\n\t\t}\n\t}\n}\n`

/** An extended partition over the whole disk whose links are at these sectors, each with a logical partition. */
export const chained = (links: readonly number[]): Buffer => {
  const disk = Buffer.alloc(mebibyte)
  const entry = (at: number, type: number, first: number, sectors: number): void => {
    disk[at + 4] = type
    disk.writeUInt32LE(first, at + 8)
    disk.writeUInt32LE(sectors, at + 12)
  }
  disk.set([0x55, 0xaa], 510)
  entry(446, 0x05, 64, 1024)
  for (const [index, link] of links.entries()) {
    const at = link * sector
    disk.set([0x55, 0xaa], at + 510)
    entry(at + 446, 0x83, 2, 8)
    const next = links[index + 1]
    if (next !== undefined) entry(at + 462, 0x05, next - 64, 10)
  }
  return disk
}

/** An entry that holds a name of up to 13 characters for the one behind it, of which `short` is the name. */
const longName = (name: string, short: string): Buffer => {
  const bytes = Buffer.alloc(32)
  bytes.set([0x41], 0)
  for (const [index, at] of [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30].entries())
    bytes.writeUInt16LE(name.charCodeAt(index) || 0, at)
  bytes[11] = 0x0f
  bytes[13] = Buffer.from(short, 'latin1').reduce((sum, byte) => (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff, 0)
  return bytes
}

/**
 * A FAT12 file system of 1 MiB with boot loaders where firmware looks first, where Windows has its own, and where two distributions have theirs;
 * the directory of the second one stands in a further cluster.
 */
export const fatVolume = (): Buffer => {
  const bytes = Buffer.alloc(mebibyte)
  bytes.set([0xeb, 0x3c, 0x90])
  bytes.writeUInt16LE(sector, 11)
  bytes.set([1, 1, 0, 1, 16, 0, 0, 8, 0xf8, 16, 0], 13)
  bytes.set([0x55, 0xaa], 510)
  // Each cluster is the last one of its file, but behind cluster 2 comes 7.
  bytes.fill(0xff, sector, 2 * sector)
  bytes.set([7, 0xf0], sector + 3)
  const rootAt = 17 * sector
  const clusterAt = (cluster: number): number => rootAt + (cluster - 1) * sector
  const entry = (at: number, name: string, attributes: number, cluster: number): void => {
    bytes.write(name, at, 'latin1')
    bytes[at + 11] = attributes
    bytes.writeUInt16LE(cluster, at + 26)
  }
  const [folder, file] = [0x10, 0x20]
  entry(rootAt, 'EFI        ', folder, 2)
  // Entries that were deleted fill the cluster.
  bytes.fill(0xe5, clusterAt(2), clusterAt(3))
  entry(clusterAt(2), 'DEBIAN     ', folder, 6)
  bytes.set(longName('Microsoft', 'MICROS~1   '), clusterAt(2) + 32)
  entry(clusterAt(2) + 64, 'MICROS~1   ', folder, 4)
  entry(clusterAt(2) + 96, 'BOOT       ', folder, 3)
  entry(clusterAt(3), 'BOOTX64 EFI', file, 9)
  entry(clusterAt(4), 'BOOT       ', folder, 5)
  entry(clusterAt(5), 'BOOTMGFWEFI', file, 9)
  entry(clusterAt(6), 'GRUBX64 EFI', file, 9)
  entry(clusterAt(7), 'FEDORA     ', folder, 8)
  entry(clusterAt(8), 'SHIMX64 EFI', file, 9)
  return bytes
}
