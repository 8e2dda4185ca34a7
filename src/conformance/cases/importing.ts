import { strict as assert } from 'node:assert'
import * as E from 'fp-ts/lib/Either.js'
import type { Image } from '../../model/image.ts'
import { parseOperationRef } from '../../model/ref.ts'
import { isReady } from '../../model/status.ts'
import { tagsEqual } from '../../model/tag.ts'
import type { ImportField, ImportSpec } from '../../store/requests.ts'
import { among, fail, imported, importSpec, listed, outcomesOf, sendingNothing, settle, succeed } from '../expect.ts'
import type { ConformanceCase } from '../subject.ts'

/** One value for each describing field that any provider with that field can hold, and where it shows afterwards. */
const samples: Readonly<
  Record<ImportField, { readonly spec: Partial<ImportSpec>; readonly shows: (image: Image) => boolean }>
> = {
  description: {
    spec: { description: 'Made for a test' },
    shows: ({ description }) => description === 'Made for a test',
  },
  tags: {
    spec: { tags: [{ key: 'base' }, { key: 'env', value: 'prod' }, { key: 'Owner', value: ' Web Team ' }] },
    shows: ({ tags }) =>
      tagsEqual(tags, [{ key: 'Owner', value: ' Web Team ' }, { key: 'env', value: 'prod' }, { key: 'base' }]),
  },
  os: { spec: { os: { distribution: 'ubuntu' } }, shows: ({ os }) => os?.distribution === 'ubuntu' },
  architecture: { spec: { architecture: 'aarch64' }, shows: ({ architecture }) => architecture === 'aarch64' },
  firmware: { spec: { firmware: 'uefi' }, shows: ({ firmware }) => firmware === 'uefi' },
  machineType: { spec: { machineType: 'q35' }, shows: ({ machineType }) => machineType === 'q35' },
  sshKeyPolicy: { spec: { sshKeyPolicy: 'required' }, shows: ({ sshKeyPolicy }) => sshKeyPolicy === 'required' },
  bareMetal: { spec: { bareMetal: true }, shows: ({ kind }) => kind === 'bare-metal' },
  gpu: { spec: { gpu: true }, shows: ({ kind }) => kind === 'gpu-virtual' },
  // How it is stored is the provider's own affair: that the import is taken is all that can be seen everywhere.
  copyOnWrite: { spec: { copyOnWrite: true }, shows: isReady },
}

const fields = Object.keys(samples) as readonly ImportField[]

/** In milliseconds: clocks differ, and an import takes its time. */
const oneDayMs = 86_400_000

const isPayload = (raw: unknown): boolean => typeof raw === 'object' && raw !== null && Object.keys(raw).length > 0

/** What `importFromUrl` promises. */
export const importing: readonly ConformanceCase[] = [
  {
    sentence: 'an import is accepted at once, and its ref can be written down',
    check: async (subject) => {
      const operation = await succeed(subject.store.importFromUrl(importSpec(subject, 'accepted-image')))
      assert.equal(operation.kind, 'import')
      assert.notEqual(operation.state, 'failed')
      assert.deepEqual(operation.losses, [])
      assert.ok(E.isRight(parseOperationRef(operation.ref)))
      assert.equal(JSON.stringify(JSON.parse(JSON.stringify(operation))), JSON.stringify(operation))
    },
  },
  {
    sentence: 'an import that succeeded has made one image: ready, with the name, in the region',
    check: async (subject) => {
      const image = await imported(subject, 'one-image')
      assert.equal(image.name, 'one-image')
      assert.ok(isReady(image), `it is ${image.status}`)
      assert.deepEqual(image.regions, [subject.importable.region])
      assert.equal((await listed(subject, { name: 'one-image' })).length, 1)
    },
  },
  {
    sentence: 'what is read of an import is complete: provider, status word, time, size and the payload',
    check: async (subject) => {
      const { store, runtime, importable } = subject
      const image = await imported(subject, 'complete-image')
      for (const read of [image, among(await listed(subject), image.ref)]) {
        assert.equal(read?.provider, store.provider)
        assert.notEqual(read.providerStatus, '')
        const age = runtime.now() - Date.parse(read.createdAt ?? '')
        assert.ok(Math.abs(age) < oneDayMs, `it was created at ${read.createdAt}`)
        const { atLeast, atMost } = importable.size ?? { atLeast: 0, atMost: Number.POSITIVE_INFINITY }
        const bytes = read.size?.bytes ?? Number.NaN
        assert.ok(bytes >= atLeast && bytes <= atMost, `its size is ${bytes} bytes`)
        if (subject.hasNoPayloads !== true) assert.ok(isPayload(read.raw), 'the payload is not there')
      }
    },
  },
  {
    sentence: 'an import is looked up by its ref from another process',
    check: async (subject) => {
      const operation = await succeed(subject.store.importFromUrl(importSpec(subject, 'looked-up-image')))
      const elsewhere = { ...subject, store: subject.reopen() }
      const settled = await settle(elsewhere, JSON.parse(JSON.stringify(operation)))
      assert.ok(settled.image !== undefined)
      assert.equal((await succeed(subject.store.get(settled.image))).name, 'looked-up-image')
    },
  },
  {
    sentence: 'every describing field that is declared is kept',
    check: async (subject) => {
      for (const field of subject.store.capabilities.import.fields) {
        const image = await imported(subject, `with-${field}`, samples[field].spec)
        assert.ok(samples[field].shows(image), `${field} was not kept`)
      }
    },
  },
  {
    sentence:
      'a describing field that is not declared is refused by name and nothing is sent, or is a loss if accepted',
    check: async (subject) => {
      const { store } = subject
      const undeclared = fields.filter((field) => !store.capabilities.import.fields.includes(field))
      for (const field of undeclared) {
        const spec = importSpec(subject, `without-${field}`, samples[field].spec)
        const error = await sendingNothing(subject, () => fail(store.importFromUrl(spec), 'invalid-argument'))
        assert.ok(error.fields?.[field] !== undefined, `the error does not name ${field}`)
        const accepted = await store.importFromUrl({ ...spec, onLoss: 'accept' })()
        // What the provider cannot serve at all (another architecture, say) is refused even so, and by name.
        if (E.isRight(accepted)) assert.ok(accepted.right.losses.some((loss) => loss.field === field))
        else assert.ok(accepted.left.fields?.[field] !== undefined)
      }
    },
  },
  {
    sentence: 'a tag that cannot be held is refused and nothing is sent, or is a loss if accepted; it is never cut',
    check: async (subject) => {
      const spec = importSpec(subject, 'bad-tag', { tags: [{ key: 'good' }, { key: '\ud800' }] })
      await sendingNothing(subject, () => fail(subject.store.importFromUrl(spec), 'invalid-argument'))
      const operation = await succeed(subject.store.importFromUrl({ ...spec, onLoss: 'accept' }))
      assert.deepEqual(
        operation.losses.map(({ field }) => field),
        ['tags'],
      )
      const { image } = await settle(subject, operation)
      assert.ok(image !== undefined)
      assert.ok(tagsEqual((await succeed(subject.store.get(image))).tags, [{ key: 'good' }]))
    },
  },
  {
    sentence: 'a key is refused, and nothing is sent, where operations cannot be found by it',
    check: async (subject) => {
      if (subject.store.capabilities.operations.findOperations.supported) return
      const spec = importSpec(subject, 'with-a-key', { key: 'run-1' })
      await sendingNothing(subject, async () => {
        const error = await fail(subject.store.importFromUrl(spec), 'invalid-argument')
        assert.ok(error.fields?.['key'] !== undefined, 'the error does not name the key')
      })
    },
  },
  {
    sentence: 'an import without a name, or from something that is no http URL, is refused and nothing is sent',
    check: async (subject) => {
      const { store } = subject
      for (const spec of [
        importSpec(subject, ''),
        importSpec(subject, ' '),
        importSpec(subject, 'bad-url', { url: 'not a url' }),
        importSpec(subject, 'bad-url', { url: 'file:///etc/passwd' }),
      ])
        await sendingNothing(subject, () => fail(store.importFromUrl(spec), 'invalid-argument'))
    },
  },
  {
    sentence: 'an import into a region that does not exist fails and makes nothing',
    check: async (subject) => {
      const spec = importSpec(subject, 'nowhere', { region: subject.unknownRegion })
      await fail(subject.store.importFromUrl(spec), 'invalid-argument', 'not-found')
      assert.deepEqual(await listed(subject, { name: 'nowhere' }), [])
    },
  },
  {
    sentence: 'an import that fails says why, ends no wait as a success, and leaves nothing in the listing',
    check: async (subject) => {
      const spec = importSpec(subject, 'broken-image', { url: subject.brokenUrl })
      const operation = await succeed(subject.store.importFromUrl(spec))
      const [outcome] = await outcomesOf(subject, [operation])
      assert.ok(outcome?.succeeded === false, 'it succeeded')
      assert.equal(outcome.error.kind, 'import-failed')
      assert.notEqual(outcome.error.message.trim(), '')
      const [lookup] = await succeed(subject.store.getOperations([operation.ref]))
      assert.ok(lookup?.found === true, 'it cannot be looked up any more')
      assert.equal(lookup.operation.state, 'failed')
      assert.notEqual(lookup.operation.failure?.trim() ?? '', '', 'the operation does not say why')
      const listing = await listed(subject)
      assert.equal(listing.filter(({ name }) => name === 'broken-image').length, 0)
      if (operation.image !== undefined) assert.equal(among(listing, operation.image), undefined)
    },
  },
]
