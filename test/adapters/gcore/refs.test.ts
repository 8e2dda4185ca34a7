import * as fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { cursor, imageRef, operationRef, parseImageRef, parseOperationRef } from 'imageferry'
import { describe, expect, it } from 'vitest'
import {
  imageId,
  imageRefOf,
  type OperationId,
  operationId,
  operationRefOf,
  taskOf,
} from '../../../adapters/gcore/ids.ts'
import { gpuNamespaces, placeText } from '../../../adapters/gcore/namespaces.ts'
import { cursorOf, parseCursor, type Stop } from '../../../adapters/gcore/regional.ts'
import { rightOf } from '../../either.ts'
import { forAll } from '../../for-all.ts'

const account = { store: 'gcore', projectId: '1337' }

const region = fc.integer({ min: 1, max: 2 ** 31 }).map(String)
const place = fc.oneof(fc.record({ region }), fc.record({ region, namespace: fc.constantFrom(...gpuNamespaces) }))
const id = fc.oneof(fc.uuid(), fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,20}$/))
const isNoNamespace = (text: string): boolean => !gpuNamespaces.some((namespace) => namespace === text)

describe('the ref of an image', () => {
  it('is read as what it was written from, in every namespace', () => {
    forAll([place, id.filter(isNoNamespace)], (where, image) => {
      const ref = imageRefOf(account, { ...where, image })
      expect(ref).toBe(`gcore:1337/${placeText(where)}/${image}`)
      expect(isRight(parseImageRef(ref))).toBe(true)
      expect(rightOf(imageId(account)(ref))).toEqual({ ...where, image })
    })
  })

  it.each([
    '1337/76/gpu-virtual',
    '1337/76/gpu-virtual/',
    '1337/76/gpu-virtual/..',
    '1337/76/gpu-virtual/a/b',
    '1337/76/gpu-other/a',
    '1337/76/bare-metal/a',
    '1337/gpu-virtual/76/a',
    '1337/gpu-virtual/a',
    '1/76/gpu-virtual/a',
  ])('is refused as %s', (text) => {
    expect(imageId(account)(imageRef(`gcore:${text}`))).toMatchObject({ left: { kind: 'invalid-argument' } })
  })
})

describe('the ref of an operation', () => {
  const operation = fc.oneof(
    fc.tuple(place, id).map(([where, task]): OperationId => ({ ...where, kind: 'task', id: task })),
    fc.tuple(place, id).map(([where, image]): OperationId => ({ ...where, kind: 'deletion', id: image })),
    fc.tuple(place, id).map(([where, image]): OperationId => ({ ...where, kind: 'image', id: image })),
    fc
      .tuple(place, id, id)
      .map(([where, image, task]): OperationId => ({ ...where, kind: 'deletion', id: image, task })),
  )

  it('is read as what it was written from, in every namespace', () => {
    forAll([operation], (written) => {
      const ref = operationRefOf(account, written)
      expect(isRight(parseOperationRef(ref))).toBe(true)
      expect(rightOf(operationId(account)(ref))).toEqual(written)
    })
  })

  it('keeps its form for images of no namespace', () => {
    expect(operationRefOf(account, { region: '76', kind: 'task', id: 'a' })).toBe('gcore:1337/76/task/a')
    expect(operationRefOf(account, { region: '76', kind: 'deletion', id: 'a' })).toBe('gcore:1337/76/deletion/a')
    expect(operationRefOf(account, { region: '76', namespace: 'gpu-virtual', kind: 'task', id: 'a' })).toBe(
      'gcore:1337/76/gpu-virtual/task/a',
    )
  })

  it('tells the task, where there is one', () => {
    expect(taskOf({ region: '76', kind: 'task', id: 'a' })).toBe('a')
    expect(taskOf({ region: '76', kind: 'deletion', id: 'a' })).toBeUndefined()
    expect(taskOf({ region: '76', kind: 'deletion', id: 'a', task: 'b' })).toBe('b')
  })

  it.each([
    '1337/76/gpu-virtual/a',
    '1337/76/gpu-virtual/task',
    '1337/76/gpu-other/task/a',
    '1337/76/task/a/b',
    '1337/76/deletion/a/..',
    '1337/76/image/a/b',
    '1337/76/deletion/a/b/c',
    '1337/76/copy/a',
  ])('is refused as %s', (text) => {
    expect(operationId(account)(operationRef(`gcore:${text}`))).toMatchObject({
      left: { kind: 'invalid-argument' },
    })
  })
})

describe('a cursor', () => {
  it('is read as what it was written from', () => {
    const offset = fc.integer({ min: 0, max: 999_999_999 })
    const stop: fc.Arbitrary<Stop> = fc.oneof(
      fc.tuple(place, offset).map(([where, at]) => ({ ...where, offset: at })),
      fc.tuple(region, offset).map(([where, at]): Stop => ({ region: where, list: 'bare-metal', offset: at })),
    )
    forAll([fc.array(stop, { minLength: 1, maxLength: 40 })], (stops) => {
      expect(rightOf(parseCursor(cursorOf(stops)))).toEqual(stops)
    })
  })

  it('is refused where a part of it is no stop', () => {
    const isStop = /^[1-9]\d{0,15}(\/(bare-metal|gpu-virtual|gpu-bare-metal))?(@[1-9]\d{0,8})?$/
    forAll([fc.string().filter((text) => !text.includes(',') && !isStop.test(text))], (text) => {
      expect(isLeft(parseCursor(cursor(`76,${text}`)))).toBe(true)
    })
  })
})
