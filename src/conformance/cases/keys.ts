import { strict as assert } from 'node:assert'
import { showTag, tagsEqual } from '../../model/tag.ts'
import { fail, imported, importSpec, listed, outcomesOf, sendingNothing, settle, succeed } from '../expect.ts'
import type { ConformanceCase } from '../subject.ts'

/** Text of a key's usual form that occurs in nothing else. */
const key = 'run-4711/web-server'

const tags = [{ key: 'base' }, { key: 'env', value: 'prod' }]

/** What `findOperations` promises, and `importFromUrl` of a call with a key. */
export const keys: readonly ConformanceCase[] = [
  {
    sentence: 'an import that is repeated with its key is the same operation, from another process too: one image',
    check: async (subject) => {
      const spec = importSpec(subject, 'keyed-image', { key })
      const first = await succeed(subject.store.importFromUrl(spec))
      for (const store of [subject.store, subject.reopen()])
        assert.equal((await succeed(store.importFromUrl(spec))).ref, first.ref)
      const { image } = await settle(subject, first)
      const again = await succeed(subject.reopen().importFromUrl(spec))
      assert.equal(again.ref, first.ref)
      assert.equal(again.image, image)
      assert.deepEqual(
        (await listed(subject, { name: 'keyed-image' })).map(({ ref }) => ref),
        [image],
      )
    },
  },
  {
    sentence: 'the query of the URL does not make it another spec',
    check: async (subject) => {
      const signed = (signature: string) => {
        const url = new URL(subject.importable.url)
        url.searchParams.set('signature', signature)
        return importSpec(subject, 'signed-image', { key, url: url.href })
      }
      const first = await succeed(subject.store.importFromUrl(signed('1')))
      assert.equal((await succeed(subject.store.importFromUrl(signed('2')))).ref, first.ref)
    },
  },
  {
    sentence: 'the same key with another spec fails with `conflict` and makes nothing',
    check: async (subject) => {
      const first = await succeed(subject.store.importFromUrl(importSpec(subject, 'keyed-image', { key })))
      const other = importSpec(subject, 'other-image', { key })
      await fail(subject.store.importFromUrl(other), 'conflict')
      await settle(subject, first)
      await fail(subject.reopen().importFromUrl(other), 'conflict')
      assert.deepEqual(await listed(subject, { name: 'other-image' }), [])
      assert.equal((await listed(subject, { name: 'keyed-image' })).length, 1)
    },
  },
  {
    sentence: 'whatever is asked for otherwise makes it another spec: nothing of it is dropped without a word',
    check: async (subject) => {
      const { store } = subject
      const kept = store.capabilities.import.fields
      const spec = importSpec(subject, 'keyed-image', { key })
      await settle(subject, await succeed(store.importFromUrl(spec)))
      const others = [
        { url: subject.brokenUrl },
        ...(kept.includes('tags') ? [{ tags }] : []),
        ...(kept.includes('description') ? [{ description: 'Another text' }] : []),
        ...(kept.includes('os') ? [{ os: { distribution: 'debian' } }] : []),
      ]
      for (const other of others) await fail(store.importFromUrl({ ...spec, ...other }), 'conflict')
      assert.equal((await listed(subject, { name: 'keyed-image' })).length, 1)
    },
  },
  {
    sentence: 'calls with one key at the same moment make one image',
    check: async (subject) => {
      const spec = importSpec(subject, 'keyed-image', { key })
      const begun = await Promise.all([1, 2, 3].map(() => succeed(subject.store.importFromUrl(spec))))
      assert.equal(new Set(begun.map(({ ref }) => ref)).size, 1)
      await outcomesOf(subject, begun)
      assert.equal((await listed(subject, { name: 'keyed-image' })).length, 1)
    },
  },
  {
    sentence: 'imports of two keys, or of none, are imports of their own',
    check: async (subject) => {
      const specs = [{ key }, { key: `${key}-2` }, {}, {}].map((more) => importSpec(subject, 'same-name', more))
      const begun = []
      for (const spec of specs) begun.push(await succeed(subject.store.importFromUrl(spec)))
      assert.equal(new Set(begun.map(({ ref }) => ref)).size, specs.length)
      assert.ok((await outcomesOf(subject, begun)).every(({ succeeded }) => succeeded))
      assert.equal((await listed(subject, { name: 'same-name' })).length, specs.length)
    },
  },
  {
    sentence: 'what a key has begun is found by it, while it runs and afterwards, from another process too',
    check: async (subject) => {
      const begun = await succeed(subject.store.importFromUrl(importSpec(subject, 'found-image', { key })))
      await succeed(subject.store.importFromUrl(importSpec(subject, 'not-found-image', { key: `${key}-2` })))
      const whileItRuns = await succeed(subject.store.findOperations(key))
      assert.deepEqual(
        whileItRuns.map(({ ref }) => ref),
        [begun.ref],
      )
      const { image } = await settle(subject, begun)
      const [found, ...others] = await succeed(subject.reopen().findOperations(key))
      assert.deepEqual(others, [])
      assert.equal(found?.ref, begun.ref)
      assert.equal(found.kind, 'import')
      assert.equal(found.state, 'succeeded')
      assert.equal(found.image, image)
    },
  },
  {
    sentence: 'a key that nobody has used finds nothing',
    check: async (subject) => {
      await imported(subject, 'keyed-image', { key })
      for (const other of ['another-key', key.slice(0, -1), `${key} `, key.toUpperCase()])
        assert.deepEqual(await succeed(subject.store.findOperations(other)), [], `"${other}"`)
    },
  },
  {
    sentence: 'a blank key is refused by name, and nothing is sent',
    check: async (subject) => {
      const { store } = subject
      for (const blank of ['', ' '])
        for (const task of [
          store.findOperations(blank),
          store.importFromUrl(importSpec(subject, 'blank-key', { key: blank })),
        ]) {
          const error = await sendingNothing(subject, () => fail(task, 'invalid-argument'))
          assert.ok(error.fields?.['key'] !== undefined, 'the error does not name the key')
        }
      // From plain JavaScript: a variable that was not set is what every operation without a key has.
      const unset = undefined as unknown as string
      const error = await sendingNothing(subject, () => fail(store.findOperations(unset), 'invalid-argument'))
      assert.ok(error.fields?.['key'] !== undefined, 'the error does not name the key')
    },
  },
  {
    sentence: 'an import that failed does not hold its key: it can be begun again',
    check: async (subject) => {
      const broken = await succeed(
        subject.store.importFromUrl(importSpec(subject, 'second-try', { key, url: subject.brokenUrl })),
      )
      const [outcome] = await outcomesOf(subject, [broken])
      assert.equal(outcome?.succeeded, false)
      const image = await imported(subject, 'second-try', { key })
      const found = await succeed(subject.store.findOperations(key))
      const alive = found.filter(({ state }) => state !== 'failed')
      assert.deepEqual(
        alive.map((operation) => operation.image),
        [image.ref],
      )
      assert.notEqual(alive[0]?.ref, broken.ref)
    },
  },
  {
    sentence: 'the key shows neither in the tags nor in the description of the image',
    check: async (subject) => {
      const declared = subject.store.capabilities.import.fields
      const image = await imported(subject, 'keyed-image', {
        key,
        ...(declared.includes('tags') ? { tags } : {}),
        ...(declared.includes('description') ? { description: 'Made for a test' } : {}),
      })
      const expected = declared.includes('tags') ? tags : []
      assert.ok(tagsEqual(image.tags, expected), `the tags are ${image.tags.map(showTag).join(', ')}`)
      assert.equal(image.description, declared.includes('description') ? 'Made for a test' : undefined)
      const [found] = await listed(subject, { name: 'keyed-image' })
      assert.ok(found !== undefined && tagsEqual(found.tags, expected))
      assert.equal(found.description, image.description)
      if (image.provenance?.key !== undefined) assert.equal(image.provenance.key, key)
    },
  },
]
