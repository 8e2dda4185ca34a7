import { basename } from 'node:path'
import { loopback } from '../loopback.ts'
import type { AccountImage } from './account.ts'
import { type OfferedFile, serveAccount } from './account-server.ts'
import { imageMaker } from './make-image.ts'

/** Makes images of accounts below a folder, and offers them on loopback. What is alike in two accounts is made once. */
export const accountHost = async (folder: string) => {
  const servers = loopback()
  const offered = new Map<string, OfferedFile>()
  const base = await servers.listen(serveAccount(offered))
  const make = imageMaker(folder)
  const made = new Map<string, Promise<string>>()

  const fileOf = ({ disk, container, compression, fault }: AccountImage): Promise<string> => {
    const key = [disk, container, compression, fault].join('/')
    const making = made.get(key) ?? make({ disk, container, compression, fault }, made.size)
    made.set(key, making)
    return making
  }

  return {
    /** Where the image is to be fetched. One of the same name that was offered before is there no longer. */
    urlOf: async (image: AccountImage): Promise<string> => {
      const { name, manner } = image
      const path = await fileOf(image)
      const [, ...extensions] = basename(path).split('.')
      const file = manner === 'no extension' ? name.replaceAll('.', '-') : [name, ...extensions].join('.')
      offered.set(file, { path, manner })
      return `${base}/${file}${manner === 'signed for GET' ? '?signature=5afe' : ''}`
    },
    close: servers.closeAll,
  }
}
