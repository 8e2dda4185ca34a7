import { imageRef } from 'imageferry'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../demo/disk-images.ts'
import { serveFiles } from '../../demo/file-server.ts'
import { fail, rightOf, succeed } from '../either.ts'
import { warmUp } from '../warm-up.ts'
import { inWorld, type World } from './gcore-world.ts'

const disk = qcow2Disk({ label: 'late looks' })
const files = await serveFiles(async (name) => (name.startsWith('broken') ? disk.slice(0, 3) : disk))
afterAll(files.close)
beforeAll(warmUp)

const spec = { name: 'web', url: files.urlOf('web.qcow2'), region: '76', key: 'run 9' }
const mine = { name: 'mine', url: files.urlOf('mine.qcow2'), region: '76' }
const theirs = { ...mine, key: 'theirs' }

describe('an import with a key whose answer is lost, where its image is listed before its task', () => {
  it('is found by the image, and not sent again', async () =>
    inWorld({ taskListLag: 600_000, importDuration: 40_000 }, async (world) => {
      const [store = expect.fail()] = world.stores
      world.faults.script({ method: 'POST', fault: { kind: 'reset', when: 'after-commit' } })
      const { ref } = await world.run(succeed(store.importFromUrl(spec)))
      const { image } = await world.run(world.waitFor(store, ref))
      expect(world.posts()).toBe(1)
      expect(world.images()).toEqual([image])
    }))

  it('is never taken for the image of an import that has failed before', async () =>
    inWorld({ taskData: 'full', failedImport: 'queued', importDuration: 40_000 }, async (world) => {
      const [store = expect.fail()] = world.stores
      const unreadable = { ...spec, url: files.urlOf('broken.qcow2') }
      const first = await world.run(succeed(store.importFromUrl(unreadable)))
      await world.run(expect(world.waitFor(store, first.ref)).rejects.toMatchObject({ kind: 'import-failed' }))
      world.faults.script({ method: 'POST', fault: { kind: 'reset', when: 'before-commit' } })
      const again = await world.run(succeed(store.importFromUrl(unreadable)))
      expect(again.ref).not.toBe(first.ref)
      expect(world.posts()).toBe(3)
    }))
})

describe('a deletion that is carried out after its answer was lost', () => {
  it.each(
    ([409, 423] as const).flatMap((lockStatus) =>
      [500, 900, 3_000, 20_000].map((delayMs) => [lockStatus, delayMs] as const),
    ),
  )('is not taken for a lock by something else: a lock answers %i, %i ms later', async (lockStatus, delayMs) =>
    inWorld({ lockStatus }, async (world) => {
      const [store = expect.fail()] = world.stores
      const image = imageRef(world.addImage())
      world.faults.script({ method: 'DELETE', fault: { kind: 'late-commit', delayMs } })
      const { ref } = await world.run(succeed(store.delete(image)))
      expect(await world.run(world.waitFor(store, ref))).toMatchObject({ kind: 'delete', outcome: 'deleted' })
    }),
  )
})

describe('an import without a key whose answer is lost', () => {
  it.each(['none', 'name-and-url', 'full'] as const)(
    "never hands out somebody else's image: tasks tell %s",
    async (taskData) =>
      inWorld({ stores: 2, taskData }, async (world) => {
        const [one = expect.fail(), another = expect.fail()] = world.stores
        world.faults.script({ method: 'POST', fault: { kind: 'reset' } })
        const called = one.importFromUrl(mine)()
        const other = world
          .sleep(30_000)
          .then(() => another.importFromUrl({ ...theirs, name: 'theirs', url: files.urlOf('theirs.qcow2') })())
        const [result] = await world.run(Promise.all([called, other]))
        expect(result).toMatchObject({
          left: { kind: 'unavailable', unconfirmed: [{ change: 'the import of "mine"' }] },
        })
      }),
  )

  it('names what it may be, where tasks tell nothing', async () =>
    inWorld({ taskData: 'none' }, async (world) => {
      const [store = expect.fail()] = world.stores
      world.faults.script({ method: 'POST', fault: { kind: 'reset', when: 'after-commit' } })
      const error = await world.run(fail(store.importFromUrl(mine)))
      expect(error).toMatchObject({ kind: 'unavailable', unconfirmed: [{ change: 'the import of "mine"' }] })
      expect(error.hint).toMatch(/gcore:\d+\/76\/task\//)
      expect(world.posts()).toBe(1)
    }))

  it('is the one whose image has its name, whatever that is called afterwards', async () =>
    inWorld({ taskData: 'name-and-url' }, async (world) => {
      const [store = expect.fail()] = world.stores
      world.faults.script({ method: 'POST', fault: { kind: 'reset', when: 'after-commit' } })
      const { ref } = await world.run(succeed(store.importFromUrl(mine)))
      const { image = expect.fail() } = await world.run(world.waitFor(store, ref))
      await world.run(succeed(store.update(image, { name: 'renamed' })))
      expect(await world.run(world.waitFor(store, ref))).toMatchObject({ state: 'succeeded', image })
    }))

  it('fails when the image is there, where the task of that name and source was of a key', async () =>
    inWorld({ stores: 2, taskData: 'name-and-url' }, async (world) => {
      const [one = expect.fail(), another = expect.fail()] = world.stores
      world.faults.script({ method: 'POST', fault: { kind: 'reset' } })
      const called = one.importFromUrl(mine)()
      const other = world.sleep(30_000).then(() => another.importFromUrl(theirs)())
      const [taken, begun] = await world.run(Promise.all([called, other]))
      const { ref } = rightOf(taken)
      expect(ref).toBe(rightOf(begun).ref)
      const wait = () => world.run(world.waitFor(one, ref).catch((error: unknown) => error))
      const failure = { kind: 'import-failed', message: expect.stringContaining("another's") }
      expect(await wait()).toMatchObject(failure)
      // What was seen once is known.
      expect(await wait()).toMatchObject(failure)
      const { image } = await world.run(world.waitFor(another, ref))
      expect(world.images()).toEqual([image])
    }))
})

/** Two processes that have begun an image each under one key at one moment, and see no task of the other's. */
const begunTwice = async ({ stores, run, posts }: World): Promise<void> => {
  await run(Promise.all(stores.map((store) => succeed(store.importFromUrl(spec)))))
  expect(posts()).toBe(2)
}

describe('a key that has begun two images of which nobody knows both', () => {
  it.each([1, 2, 3])(
    'has one that remains, where a call is repeated while its own is under way, order %i',
    async (order) =>
      inWorld(
        { stores: 2, order, seed: order, taskListLag: 600_000, settleDuration: 0, importDuration: [30_000, 300_000] },
        async (world) => {
          await begunTwice(world)
          while (world.images().length === 0) await world.run(world.sleep(1_000))
          const ends = await world.run(
            Promise.all(
              world.stores.map(async (store) => world.waitFor(store, (await succeed(store.importFromUrl(spec))).ref)),
            ),
          )
          await world.run(world.sleep(600_000))
          expect(world.images()).toHaveLength(1)
          for (const { image } of ends) expect(world.images()).toEqual([image])
        },
      ),
  )

  it('has one that remains, where a call is repeated when both are there and nobody waits', async () =>
    inWorld({ stores: 2, taskData: 'full', taskListLag: 120_000, importDuration: 30_000 }, async (world) => {
      await begunTwice(world)
      await world.run(world.sleep(600_000))
      expect(world.images()).toHaveLength(2)
      const [store = expect.fail()] = world.stores
      const again = await world.run(succeed(store.importFromUrl(spec)))
      await world.run(world.sleep(600_000))
      expect(world.images()).toEqual([again.image])
      expect(await world.run(world.waitFor(store, again.ref))).toMatchObject({
        duplicates: [{ removed: true }],
        image: again.image,
      })
    }))
})

describe('one garbled look after a lost answer', () => {
  it.each(['html', 'truncated', 'wrong-types'] as const)('does not end a deletion: %s', async (kind) =>
    inWorld({}, async (world) => {
      const [store = expect.fail()] = world.stores
      const image = imageRef(world.addImage())
      world.faults.script({ method: 'DELETE', fault: { kind: 'reset', when: 'before-commit' } })
      world.faults.script({ method: 'GET', path: '/cloud/v1/images', fault: { kind } })
      const { ref } = await world.run(succeed(store.delete(image)))
      expect(await world.run(world.waitFor(store, ref))).toMatchObject({ kind: 'delete', outcome: 'deleted' })
    }),
  )

  it.each(['html', 'truncated', 'wrong-types'] as const)('does not end an update: %s', async (kind) =>
    inWorld({}, async (world) => {
      const [store = expect.fail()] = world.stores
      const image = imageRef(world.addImage())
      world.faults.script({ method: 'PATCH', fault: { kind: 'answer', status: 500, when: 'before-commit' } })
      world.faults.script({ method: 'GET', path: '/cloud/v1/images', fault: { kind } })
      expect(await world.run(succeed(store.update(image, { name: 'new' })))).toMatchObject({ name: 'new' })
    }),
  )
})
