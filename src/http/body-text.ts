import { finished, type Readable } from 'node:stream'

/** What a piece counts for at the least, in bytes: what it costs to take one is not its length. */
const leastPiece = 16

/** So many pieces are held as they come, and then joined. */
const mostLoose = 256

const byteOrderMark = '\ufeff'

/**
 * Reads a body to its end, as UTF-8 without a byte order mark. Its pieces are joined on the way, because one that is kept costs a hundred
 * times its only byte. Rejects with `tooLong` as soon as there are more bytes than `longest`, each piece counted for {@link leastPiece} at
 * the least, and reads no further; otherwise with what broke it off.
 */
export const bodyText = (body: Readable, longest: number, tooLong: Error): Promise<string> =>
  new Promise((resolve, reject) => {
    const joined: Buffer[] = []
    let loose: Buffer[] = []
    let counted = 0
    const take = (piece: Buffer): void => {
      counted += Math.max(piece.length, leastPiece)
      if (counted > longest) {
        body.off('data', take)
        reject(tooLong)
        body.destroy()
        return
      }
      loose.push(piece)
      if (loose.length < mostLoose) return
      joined.push(Buffer.concat(loose))
      loose = []
    }
    // Tells of an end that has come before anybody listened, too.
    finished(body, { writable: false }, (error) => {
      if (error === null || error === undefined) {
        const text = Buffer.concat([...joined, ...loose]).toString('utf8')
        resolve(text.startsWith(byteOrderMark) ? text.slice(1) : text)
      } else reject(error)
    })
    body.on('data', take)
  })
