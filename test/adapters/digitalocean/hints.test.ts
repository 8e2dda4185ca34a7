import { operationRef, waitForAll } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readError } from '../../../adapters/digitalocean/errors.ts'
import { succeed } from '../../either.ts'
import { hasSharedMaterial, readShared } from '../../shared-material.ts'
import { silence } from '../provider-talk.ts'
import { digitalOceanTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

/** An import that ended like this, waited for. */
const failureWith = async (errorMessage: string) => {
  const { store } = digitalOceanTalk([
    { method: 'GET', body: { image: { id: 7, name: 'web', status: 'deleted', error_message: errorMessage } } },
  ])
  const [outcome] = await succeed(waitForAll(store, [operationRef('digitalocean:import/7')]))
  if (outcome?.succeeded !== false) throw new Error('It has not failed')
  return outcome.error
}

/** What is said of an import whose text is not known. */
const anyFailure = /can be fetched by HEAD and GET/

describe('a failed import names what to do', () => {
  // The first whole, the second as far as the copy goes: `real.import-error-messages`, and "" where the image was deleted.
  it.each([
    [
      'We had a problem decompressing your file. This typically happens if the archive is corrupt or contains multiple files. ' +
        'Please try decompressing the file locally and uploading the uncompressed image, or recompressing using gzip or bzip2.',
      /one file, compressed by gzip or bzip2 or not at all/,
    ],
    ["We don't support the…", /raw, qcow2, vhdx, vdi or vmdk file, and a URL whose path ends in its extension/],
    ['', /who has deleted it, and import it again/],
    [' ', /who has deleted it, and import it again/],
    ['Something else', anyFailure],
  ])('at %j', async (text, hint) => {
    const error = await failureWith(text)
    expect(error).toMatchObject({ kind: 'import-failed', hint: expect.stringMatching(hint) })
    if (text.trim() !== '') expect(error.message).toBe(text)
  })

  it.runIf(hasSharedMaterial)('at every text that has been seen', async () => {
    const seen = readShared('examples/digitalocean/real.import-error-messages.json') as readonly {
      readonly error_message: string
    }[]
    for (const { error_message } of seen) expect((await failureWith(error_message)).hint).not.toMatch(anyFailure)
  })
})

describe('a refused request names what to do', () => {
  it('where a backup is to be transferred', () => {
    const body = { id: 'unprocessable_entity', message: 'Backups can not be transfered to other regions' }
    expect(readError('replicate')(422, body).hint).toMatch(/createFromBackup/)
    expect(readError('replicate')(422, { ...body, message: 'no' }).hint).toBeUndefined()
  })
})
