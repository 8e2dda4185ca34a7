import { operationRef, waitForAll } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readError } from '../../../adapters/gcore/errors.ts'
import { succeed } from '../../either.ts'
import { hasSharedMaterial, listShared, readShared } from '../../shared-material.ts'
import { silence } from '../provider-talk.ts'
import { gcoreTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

type Answers = Parameters<typeof gcoreTalk>[0] & object

/** An import that ended like this, waited for. */
const failureOf = async (task: object, ...further: Answers) => {
  const body = { id: 't1', task_type: 'download_image', created_on: '2026-05-23T05:07:31', ...task }
  const { store } = gcoreTalk([{ method: 'GET', body }, ...further])
  const [outcome] = await succeed(waitForAll(store, [operationRef('gcore:1337/76/task/t1')]))
  if (outcome?.succeeded !== false) throw new Error('It has not failed')
  return outcome.error
}
const failureWith = (error: string | null) => failureOf({ state: 'ERROR', error })

const finishedAs = (status: string) =>
  failureOf(
    { state: 'FINISHED', created_resources: { images: ['uuid'] } },
    { method: 'GET', body: { id: 'uuid', name: 'web', status, size: 0 } },
  )

/** What is said of an import whose text is not known. */
const anyFailure = /can be fetched by HEAD and GET/
const noRoom = /Choose another region, or try again later/

describe('a failed import names what to do', () => {
  // The texts of fact sheet §4.7 and §5, `docs.task.error` and `docs.error.forbidden.capacity`.
  it.each([
    [
      'Task was not started within 10 minutes of creation. Marked as failed by scheduler cleanup.',
      /fewer imports at a time: .* can be repeated/,
    ],
    ['Quota limit for volume_size exceeded by 20', /ask for a larger quota/],
    ['Quota limit for image_count exceeded by 1', /ask for a larger quota/],
    ['The region 6 has reached the limit of flavor g1-standard-2-4', noRoom],
    ['Something else', anyFailure],
    [null, anyFailure],
  ])('at %j', async (text, hint) => {
    const error = await failureWith(text)
    expect(error).toMatchObject({ kind: 'import-failed', hint: expect.stringMatching(hint) })
    if (text !== null) expect(error.message).toBe(text)
  })

  it.each([
    ['deleted', /who has deleted or deactivated it/],
    ['pending_delete', /who has deleted or deactivated it/],
    ['deactivated', /who has deleted or deactivated it/],
    ['killed', anyFailure],
  ])('where the image ends as %s', async (status, hint) => {
    expect(await finishedAs(status)).toMatchObject({ kind: 'import-failed', hint: expect.stringMatching(hint) })
  })

  it.runIf(hasSharedMaterial)('at every text that has been seen', async () => {
    const files = listShared('examples/gcore').filter((file) => /\.task\..*error\.json$|^docs\.task\.error/.test(file))
    expect(files.length).toBeGreaterThan(1)
    for (const file of files) {
      const { error } = readShared(`examples/gcore/${file}`) as { readonly error: string }
      expect((await failureWith(error)).hint).not.toMatch(anyFailure)
    }
  })
})

describe('a refused request names what to do', () => {
  it.each([
    [403, 'ForbiddenError', 'The region 6 has reached the limit of flavor g1-standard-2-4', noRoom],
    [400, 'QuotaLimitExceed', 'Quota limit for volume_size exceeded by 70', /ask for a larger quota/],
    [403, 'QuotaLimitExceed', 'Quota limit for volume_size exceeded by 70', /ask for a larger quota/],
    [403, 'ForbiddenError', 'no', /role/],
  ])('at %i %s: %s', (status, exception_class, message, hint) => {
    expect(readError('importFromUrl')(status, { exception_class, message }).hint).toMatch(hint)
  })
})
