import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { disks, type MadeImage } from './cases.ts'
import { compress, containers, convert } from './containers.ts'
import { makeDisk } from './disks.ts'
import { faults, packedFaults } from './faults.ts'

/** Makes images below a folder. Each disk is made once, and put into as many formats as are asked for. */
export const imageMaker = (folder: string) => {
  const made = new Map<string, Promise<string>>()

  const diskOf = (name: keyof typeof disks): Promise<string> => {
    const path = join(folder, `${name}.disk`)
    const making = made.get(name) ?? makeDisk(path, disks[name]).then(() => path)
    made.set(name, making)
    return making
  }

  /** The path of the image; in a folder of its own, where a fault may put further files. */
  return async ({ disk, container, compression, fault, packedFault }: MadeImage, index: number): Promise<string> => {
    const place = join(folder, String(index))
    await mkdir(place)
    const spec = containers[container]
    const image = join(place, `${disk}.${spec.extension}`)
    const source = await diskOf(disk)
    if (container === 'raw') await copyFile(source, image)
    else await convert(source, image, spec)
    const after = fault === undefined ? image : await faults[fault](image)
    const packed = compression === undefined ? after : await compress(after, compression)
    return packedFault === undefined ? packed : packedFaults[packedFault](packed)
  }
}
