import { strict as assert } from 'node:assert'
import * as E from 'fp-ts/lib/Either.js'
import { type ImageRef, parseOperationRef } from '../../model/ref.ts'
import { isReady } from '../../model/status.ts'
import { tagsEqual } from '../../model/tag.ts'
import type { Operation } from '../../store/operation.ts'
import type { CaptureField, CaptureSpec } from '../../store/requests.ts'
import type { StoreTask } from '../../store/store-task.ts'
import { fail, listed, outcomesOf, sendingNothing, settle, succeed } from '../expect.ts'
import type { CaptureSource, ConformanceCase, ConformanceSubject } from '../subject.ts'

/** The members that make an image of something that runs or stores. */
type CaptureMember = 'createFromServer' | 'createFromVolume'

const adding = {
  createFromServer: 'addServer',
  createFromVolume: 'addVolume',
} as const satisfies Record<CaptureMember, keyof ConformanceSubject>

/** One value for each describing field. */
const samples: Readonly<Record<CaptureField, Partial<CaptureSpec>>> = {
  tags: { tags: [{ key: 'base' }, { key: 'env', value: 'prod' }] },
  osFamily: { osFamily: 'linux' },
  architecture: { architecture: 'aarch64' },
  firmware: { firmware: 'uefi' },
  machineType: { machineType: 'q35' },
  sshKeyPolicy: { sshKeyPolicy: 'required' },
  bareMetal: { bareMetal: true },
}

const fields = Object.keys(samples) as readonly CaptureField[]

const key = 'run-4711/nightly'

/** What `createFromServer` and `createFromVolume` promise, for one of them. */
export const capturing = (member: CaptureMember): readonly ConformanceCase[] => {
  const sourceOf = async (subject: ConformanceSubject): Promise<CaptureSource> => {
    const add = subject[adding[member]]
    assert.ok(add !== undefined, `a store that declares \`${member}\` needs a subject with \`${adding[member]}\``)
    return add()
  }

  const specOf = ({ id, region }: CaptureSource, name: string, more: Partial<CaptureSpec> = {}): CaptureSpec => ({
    name,
    source: id,
    ...(region === undefined ? {} : { region }),
    ...more,
  })

  const capture = ({ store }: ConformanceSubject, spec: CaptureSpec): StoreTask<Operation> => store[member](spec)

  const imageOf = async (subject: ConformanceSubject, operation: Operation): Promise<ImageRef> => {
    const { image } = await settle(subject, operation)
    assert.ok(image !== undefined, 'a capture that succeeded names its image')
    return image
  }

  const keyed: readonly ConformanceCase[] = [
    {
      sentence: 'a capture that is repeated with its key makes one image, while it runs and afterwards',
      check: async (subject) => {
        const spec = specOf(await sourceOf(subject), 'keyed-capture', { key })
        const first = await succeed(capture(subject, spec))
        const again = { ...subject, store: subject.reopen() }
        const image = await imageOf(again, await succeed(capture(again, spec)))
        assert.equal(await imageOf(subject, first), image)
        assert.equal(await imageOf(subject, await succeed(capture(subject, spec))), image)
        assert.deepEqual(
          (await listed(subject, { name: 'keyed-capture' })).map(({ ref }) => ref),
          [image],
        )
        const found = await succeed(subject.reopen().findOperations(key))
        assert.deepEqual(
          found.map((operation) => [operation.kind, operation.state, operation.image]),
          [['capture', 'succeeded', image]],
        )
      },
    },
    {
      sentence: 'the same key with another name or source fails with `conflict` and makes nothing',
      check: async (subject) => {
        const source = await sourceOf(subject)
        await imageOf(subject, await succeed(capture(subject, specOf(source, 'keyed-capture', { key }))))
        for (const other of [source, await sourceOf(subject)]) {
          const spec = specOf(other, 'other-capture', { key })
          await fail(capture(subject, spec), 'conflict')
        }
        assert.deepEqual(await listed(subject, { name: 'other-capture' }), [])
      },
    },
    {
      sentence: 'the key of a capture shows neither in the name nor in the tags, and an update keeps it',
      check: async (subject) => {
        const { store } = subject
        const spec = specOf(await sourceOf(subject), 'keyed-capture', { key })
        const ref = await imageOf(subject, await succeed(capture(subject, spec)))
        const { name, tags, description, provenance } = await succeed(store.get(ref))
        assert.deepEqual([name, tags, description], ['keyed-capture', [], undefined])
        if (provenance?.key !== undefined) assert.equal(provenance.key, key)
        if (!store.capabilities.operations.update.supported) return
        assert.equal((await succeed(store.update(ref, { name: 'renamed-capture' }))).name, 'renamed-capture')
        assert.deepEqual(
          (await succeed(store.findOperations(key))).map(({ image }) => image),
          [ref],
        )
      },
    },
  ]

  const cases: readonly ConformanceCase[] = [
    {
      sentence: 'a capture is accepted at once, and its ref can be written down and looked up from another process',
      check: async (subject) => {
        const operation = await succeed(capture(subject, specOf(await sourceOf(subject), 'accepted-capture')))
        assert.equal(operation.kind, 'capture')
        assert.notEqual(operation.state, 'failed')
        assert.deepEqual(operation.losses, [])
        assert.ok(E.isRight(parseOperationRef(operation.ref)))
        const written: Operation = JSON.parse(JSON.stringify(operation))
        assert.equal((await settle({ ...subject, store: subject.reopen() }, written)).ref, operation.ref)
      },
    },
    {
      sentence: 'a capture that succeeded has made one image, ready and with the name, which `get` and the lists show',
      check: async (subject) => {
        const operation = await succeed(capture(subject, specOf(await sourceOf(subject), 'one-capture')))
        const ref = await imageOf(subject, operation)
        const image = await succeed(subject.store.get(ref))
        assert.equal(image.name, 'one-capture')
        assert.ok(isReady(image), `it is ${image.status}`)
        assert.deepEqual(
          (await listed(subject, { name: 'one-capture' })).map((other) => [other.ref, other.kind]),
          [[ref, image.kind]],
        )
        if (member === 'createFromServer') assert.equal(image.kind, 'snapshot')
      },
    },
    {
      sentence: 'two captures of one source at once end in an image each, and neither takes the other’s',
      check: async (subject) => {
        const source = await sourceOf(subject)
        const names = ['twin-capture-1', 'twin-capture-2']
        const begun = await Promise.all(names.map((name) => succeed(capture(subject, specOf(source, name)))))
        assert.equal(new Set(begun.map(({ ref }) => ref)).size, names.length)
        for (const [index, outcome] of (await outcomesOf(subject, begun)).entries()) {
          assert.ok(outcome.succeeded && outcome.operation.image !== undefined)
          assert.equal((await succeed(subject.store.get(outcome.operation.image))).name, names[index])
        }
      },
    },
    {
      sentence: 'a source that does not exist fails with `not-found`, and makes nothing',
      check: async (subject) => {
        const { region, unknownId } = await sourceOf(subject)
        const spec = specOf({ id: unknownId, region, unknownId }, 'nothing-captured')
        await fail(capture(subject, spec), 'not-found')
        assert.deepEqual(await listed(subject, { name: 'nothing-captured' }), [])
      },
    },
    {
      sentence: 'a blank name, a blank source and a blank key are refused by name, and nothing is sent',
      check: async (subject) => {
        const source = await sourceOf(subject)
        for (const [field, more] of [
          ['name', { name: ' ' }],
          ['source', { source: ' ' }],
          ['key', { key: ' ' }],
        ] as const) {
          const spec = specOf(source, 'never-captured', more)
          const error = await sendingNothing(subject, () => fail(capture(subject, spec), 'invalid-argument'))
          assert.ok(error.fields?.[field] !== undefined, `the error does not name the ${field}`)
        }
      },
    },
    {
      sentence:
        'a describing field that is not declared is refused by name and nothing is sent, or is a loss if accepted',
      check: async (subject) => {
        const { store } = subject
        for (const field of fields.filter((one) => !store.capabilities.capture.fields.includes(one))) {
          const spec = specOf(await sourceOf(subject), `without-${field}`.toLowerCase(), samples[field])
          const error = await sendingNothing(subject, () => fail(capture(subject, spec), 'invalid-argument'))
          assert.ok(error.fields?.[field] !== undefined, `the error does not name ${field}`)
          const accepted = await capture(subject, { ...spec, onLoss: 'accept' })()
          // What the provider cannot serve at all is refused even so, and by name.
          if (E.isRight(accepted)) assert.ok(accepted.right.losses.some((loss) => loss.field === field))
          else assert.ok(accepted.left.fields?.[field] !== undefined)
        }
      },
    },
    {
      sentence: 'tags are kept where they are declared',
      check: async (subject) => {
        if (!subject.store.capabilities.capture.fields.includes('tags')) return
        const spec = specOf(await sourceOf(subject), 'tagged-capture', samples.tags)
        const ref = await imageOf(subject, await succeed(capture(subject, spec)))
        assert.ok(tagsEqual((await succeed(subject.store.get(ref))).tags, samples.tags.tags ?? []))
      },
    },
  ]

  return [
    ...cases,
    ...keyed.map(({ sentence, check }) => ({
      sentence,
      check: async (subject: ConformanceSubject) => {
        if (!subject.store.capabilities.operations.findOperations.supported) return
        await check(subject)
      },
    })),
  ]
}
