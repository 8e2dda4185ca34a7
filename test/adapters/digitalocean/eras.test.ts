import { strict as assert } from 'node:assert'
import fc from 'fast-check'
import type { ConformanceSubject } from 'imageferry/conformance'
import { type DigitalOceanEmulatorOptions, digitalOceanSwitches } from 'imageferry/digitalocean/emulator'
import { describe, it } from 'vitest'
import { among, fail, importSpec, listed, outcomesOf, settle, succeed } from '../../../src/conformance/expect.ts'
import type { ImageRef } from '../../../src/model/ref.ts'
import { isReady } from '../../../src/model/status.ts'
import { tagsEqual } from '../../../src/model/tag.ts'
import { digitalOceanSubject } from '../../digitalocean-subject.ts'

type Options = Omit<DigitalOceanEmulatorOptions, 'clock'>

const tags = [{ key: 'env', value: 'prod' }, { key: 'Base' }]

/** Imports under a key, twice, and changes what came of it. */
const importing = async (subject: ConformanceSubject): Promise<ImageRef> => {
  const { store } = subject
  const spec = importSpec(subject, 'era-image', { key: 'era-1', tags, description: 'First' })
  const begun = await succeed(store.importFromUrl(spec))
  // At once and when it is done: it is the same one.
  assert.equal((await succeed(store.importFromUrl(spec))).image, begun.image)
  const done = await settle(subject, begun)
  assert.equal((await succeed(store.importFromUrl(spec))).image, done.image)
  assert.ok(done.image !== undefined)
  const image = await succeed(store.get(done.image))
  assert.ok(isReady(image), image.status)
  assert.deepEqual([image.name, image.description, image.regions], ['era-image', 'First', ['nyc3']])
  assert.ok(tagsEqual(image.tags, tags))
  assert.equal((await succeed(store.findOperations('era-1'))).length, 1)
  const changed = await succeed(
    store.update(image.ref, { name: 'era-renamed', tags: { put: [{ key: 'new' }], drop: [{ key: 'Base' }] } }),
  )
  assert.equal(changed.name, 'era-renamed')
  assert.ok(tagsEqual(changed.tags, [{ key: 'env', value: 'prod' }, { key: 'new' }]))
  return image.ref
}

/** Empties a description: it is empty afterwards, or the call says that it is not. */
const emptying = async ({ store }: ConformanceSubject, ref: ImageRef): Promise<void> => {
  const result = await store.update(ref, { description: '' })()
  if (result._tag === 'Left') return
  assert.ok((result.right.description ?? '') === '', result.right.description)
  assert.ok(((await succeed(store.get(ref))).description ?? '') === '')
}

/** Lists in every way: one's own, over more than a page unless told otherwise, by a tag, the public ones. */
const listing = async (subject: ConformanceSubject, ref: ImageRef, isOnePage: boolean): Promise<void> => {
  const many = isOnePage ? 100 : 230
  await subject.populate(many, 'many')
  const own = await listed(subject)
  assert.equal(own.filter((image) => image.name?.startsWith('many-')).length, many)
  assert.equal(new Set(own.map((image) => image.ref)).size, own.length)
  assert.ok(among(own, ref) !== undefined)
  assert.equal((await listed(subject, { tags: [{ key: 'new' }] })).length, 1)
  assert.equal((await listed(subject, { scope: 'public', kinds: ['base'] })).length, 17)
  const applications = await listed(subject, { scope: 'public', kinds: ['application'] })
  assert.equal(new Set(applications.map((image) => image.ref)).size, applications.length)
  if (isOnePage) assert.ok(applications.length <= 399)
  else assert.equal(applications.length, 399)
}

/** Copies an image to a region, twice, and makes one of a server and one of a backup: each works, or is told to have failed. */
const acting = async (subject: ConformanceSubject, ref: ImageRef, succeeds: boolean): Promise<void> => {
  const { store, addServer, addBackup } = subject
  assert.ok(addServer !== undefined && addBackup !== undefined)
  await addBackup()
  const copies = await succeed(store.replicate(ref, ['ams3']))
  const again = await succeed(store.replicate(ref, ['ams3', 'nyc3']))
  const capture = { name: 'era-captured', source: (await addServer()).id, key: 'era-2' }
  const captured = await succeed(store.createFromServer(capture))
  const [backup] = (await listed(subject, { kinds: ['backup'] })).map((image) => image.ref)
  assert.ok(backup !== undefined)
  const converted = await succeed(store.createFromBackup(backup))
  const outcomes = await outcomesOf(subject, [...copies, ...again, captured, converted])
  assert.deepEqual(
    outcomes.map((outcome) => outcome.succeeded),
    outcomes.map((_, index) => succeeds || index === 2),
  )
  if (!succeeds) return
  assert.deepEqual((await succeed(store.get(ref))).regions.toSorted(), ['ams3', 'nyc3'])
  const [, , , ofServer] = outcomes
  assert.ok(ofServer?.succeeded === true && ofServer.operation.image !== undefined)
  assert.equal((await succeed(store.get(ofServer.operation.image))).name, 'era-captured')
  assert.equal((await succeed(store.createFromServer(capture))).image, ofServer.operation.image)
}

/** An import that must fail says why; what is deleted is gone, and can be deleted again. */
const ending = async (subject: ConformanceSubject, ref: ImageRef): Promise<void> => {
  const { store, brokenUrl } = subject
  const broken = await succeed(store.importFromUrl(importSpec(subject, 'era-broken', { url: brokenUrl })))
  const [outcome] = await outcomesOf(subject, [broken])
  assert.ok(outcome?.succeeded === false, 'a broken import succeeded')
  assert.equal((await succeed(store.delete(ref))).outcome, 'deleted')
  await fail(store.get(ref), 'not-found')
  assert.equal((await succeed(store.delete(ref))).outcome, 'already-gone')
  await fail(store.get(ref), 'not-found')
}

const flow = async (options: Options): Promise<void> => {
  const subject = await digitalOceanSubject(options)
  try {
    const regions = await succeed(subject.store.listRegions())
    assert.ok(regions.length > 1)
    const ref = await importing(subject)
    await emptying(subject, ref)
    await acting(subject, ref, options.actionsEnd !== 'errored')
    // Where the order changes from page to page, no reader sees every row: then everything is on one page.
    await listing(subject, ref, options.listOrder === 'changing')
    await ending(subject, ref)
  } finally {
    await subject.stop()
  }
}

/** Every value of every switch but the usual one, and measures that are not the usual. */
const variants: readonly Options[] = [
  {},
  ...Object.entries(digitalOceanSwitches).flatMap(([name, [, ...others]]) =>
    others.map((value) => ({ [name]: value })),
  ),
  { perPageMaximum: 50, perPageAbove: 'cut' },
  { snapshotListedAfter: 30_000 },
  { imageListedAfter: 30_000 },
  { imageReadableAfter: 20_000 },
  { actionReadableAfter: 20_000 },
  { deletedReadableFor: 0 },
  { deletedReadableFor: 600_000 },
  { tagBatchLimit: 1 },
  { nameLimit: 255 },
  { customImageLimit: 2 },
  { shownRegions: ['nyc3', 'ams3'] },
]

/** Any value of every switch. */
const combination: fc.Arbitrary<Options> = fc
  .tuple(
    ...Object.entries(digitalOceanSwitches).map(([name, values]) =>
      fc.constantFrom(...values.map((value) => ({ [name]: value }))),
    ),
  )
  .map((chosen): Options => Object.assign({}, ...chosen))

describe('the adapter, whatever the provider does of what it may do', () => {
  for (const variant of variants) it(JSON.stringify(variant), () => flow(variant))

  it('several of it at once', () => fc.assert(fc.asyncProperty(combination, flow), { numRuns: 12, seed: 20_260_821 }))
})
