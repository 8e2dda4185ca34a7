import { strict as assert } from 'node:assert'
import type { Image } from '../../model/image.ts'
import type { ImageRef } from '../../model/ref.ts'
import { showTag, tagsEqual } from '../../model/tag.ts'
import type { ImagePatch, ImportField, ImportSpec, UpdateField } from '../../store/requests.ts'
import { fail, imported, sendingNothing, succeed } from '../expect.ts'
import type { ConformanceCase, ConformanceSubject } from '../subject.ts'

/** One new value for each field that any provider with that field can take, and what the field reads as. */
const samples: Readonly<
  Record<
    UpdateField,
    { readonly patch: ImagePatch; readonly expected: unknown; readonly read: (image: Image) => unknown }
  >
> = {
  name: { patch: { name: 'another-name' }, expected: 'another-name', read: ({ name }) => name },
  description: {
    patch: { description: 'Another text' },
    expected: 'Another text',
    read: ({ description }) => description,
  },
  distribution: { patch: { distribution: 'debian' }, expected: 'debian', read: ({ os }) => os?.distribution },
  osFamily: { patch: { osFamily: 'windows' }, expected: 'windows', read: ({ os }) => os?.family },
  firmware: { patch: { firmware: 'uefi' }, expected: 'uefi', read: ({ firmware }) => firmware },
  machineType: { patch: { machineType: 'q35' }, expected: 'q35', read: ({ machineType }) => machineType },
  sshKeyPolicy: { patch: { sshKeyPolicy: 'deny' }, expected: 'deny', read: ({ sshKeyPolicy }) => sshKeyPolicy },
  bareMetal: { patch: { bareMetal: true }, expected: 'bare-metal', read: ({ kind }) => kind },
  tags: {
    patch: { tags: { put: [{ key: 'put', value: 'now' }] } },
    expected: ['first', 'put=now', 'second=2'],
    read: ({ tags }) => tags.map(showTag).sort(),
  },
}

const fields = Object.keys(samples) as readonly UpdateField[]

const firstTags = [{ key: 'first' }, { key: 'second', value: '2' }]

/** What an image is imported with, where the store keeps it, so that it shows when an update wipes it. None is a new value. */
const imports: Partial<Readonly<Record<ImportField, Partial<ImportSpec>>>> = {
  description: { description: 'The first text' },
  tags: { tags: firstTags },
  os: { os: { distribution: 'ubuntu' } },
  architecture: { architecture: 'x86_64' },
  firmware: { firmware: 'bios' },
  machineType: { machineType: 'i440' },
  sshKeyPolicy: { sshKeyPolicy: 'required' },
}

const describedImage = (subject: ConformanceSubject): Promise<Image> =>
  imported(
    subject,
    'the-image',
    Object.assign({}, ...subject.store.capabilities.import.fields.map((field) => imports[field])),
  )

/** What no update changes. */
const lasting = ({ ref, provider, visibility, status, architecture, size, createdAt, slug, regions }: Image) => ({
  ...{ ref, provider, visibility, status, architecture, size, createdAt, slug },
  regions: [...regions].sort(),
})

/** What `update` promises. */
export const updating: readonly ConformanceCase[] = [
  {
    sentence: 'every declared field can be changed, is returned as it is afterwards, and the others stay',
    check: async (subject) => {
      const { store } = subject
      const changeable = store.capabilities.update.fields
      for (const field of changeable) {
        const before = await describedImage(subject)
        const after = await succeed(store.update(before.ref, samples[field].patch))
        assert.deepEqual(lasting(after), lasting(before), `after ${field} was changed`)
        for (const other of fields)
          assert.deepEqual(
            samples[other].read(after),
            other === field ? samples[other].expected : samples[other].read(before),
            `${other}, after ${field} was changed`,
          )
        const read = await succeed(store.get(before.ref))
        assert.deepEqual(samples[field].read(read), samples[field].expected, `${field}, read again`)
      }
    },
  },
  {
    sentence: 'fields that are changed together are all changed',
    check: async (subject) => {
      const { store } = subject
      const changeable = store.capabilities.update.fields
      const { ref } = await describedImage(subject)
      const patch = Object.assign({}, ...changeable.map((field) => samples[field].patch))
      const after = await succeed(store.update(ref, patch))
      for (const field of changeable) assert.deepEqual(samples[field].read(after), samples[field].expected, field)
    },
  },
  {
    sentence:
      'tags are put and dropped one by one; those that are not named stay, and dropping an absent one is no error',
    check: async (subject) => {
      const { ref } = await imported(subject, 'tagged-image', { tags: firstTags })
      const drop = [{ key: 'first' }, { key: 'second', value: 'another' }, { key: 'absent' }]
      const { tags } = await succeed(
        subject.store.update(ref, { tags: { put: [{ key: 'Third One', value: '' }], drop } }),
      )
      assert.ok(
        tagsEqual(tags, [
          { key: 'second', value: '2' },
          { key: 'Third One', value: '' },
        ]),
        `the tags are ${tags.map(showTag).join(', ')}`,
      )
    },
  },
  {
    sentence: 'a field that is not declared is refused by name, and nothing is sent',
    check: async (subject) => {
      const { store } = subject
      const undeclared = fields.filter((field) => !store.capabilities.update.fields.includes(field))
      for (const field of undeclared)
        await sendingNothing(subject, async () => {
          const patch = { name: 'another-name', ...samples[field].patch }
          const error = await fail(store.update(subject.unknownImage as ImageRef, patch), 'invalid-argument')
          assert.ok(error.fields?.[field] !== undefined, `the error does not name ${field}`)
        })
    },
  },
  {
    sentence: 'a patch that changes nothing, or puts and drops the same tag, is refused and nothing is sent',
    check: async (subject) => {
      const ref = subject.unknownImage as ImageRef
      const tag = { key: 'env', value: 'prod' }
      for (const patch of [{}, { tags: { put: [tag], drop: [tag] } }])
        await sendingNothing(subject, () => fail(subject.store.update(ref, patch), 'invalid-argument'))
    },
  },
  {
    sentence: 'updating an image that does not exist fails with `not-found`',
    check: async ({ store, unknownImage }) => {
      await fail(store.update(unknownImage as ImageRef, { name: 'another-name' }), 'not-found')
    },
  },
]
