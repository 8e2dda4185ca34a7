import * as E from 'fp-ts/lib/Either.js'
import type { Image } from '../model/image.ts'
import type { OperationRef } from '../model/ref.ts'
import type { ImageStore } from '../store/image-store.ts'
import type { ImportSpec } from '../store/requests.ts'
import type { CallOptions, StoreTask } from '../store/store-task.ts'
import { type EnsuredImage, ensureImage } from './ensure.ts'
import { findByName, type NameQuery } from './find-by-name.ts'
import { type ImportAllOptions, importAll, importEach } from './import-all.ts'
import type { ImportOutcome } from './import-outcome.ts'
import { type LatestQuery, latest } from './latest.ts'
import { collect, type ListOptions, type ListQuery, listImages } from './list.ts'
import { waitFor, waitForAll } from './wait.ts'
import type { WaitOptions } from './wait-options.ts'
import type { Outcome } from './waited.ts'

/** A member of the port as a function that returns a promise; what is no task stays as it is. */
export type Promised<Member> = Member extends (...parameters: infer Parameters) => StoreTask<infer Result>
  ? (...parameters: Parameters) => Promise<Result>
  : Member

/** A port, or another record of functions that return tasks, for async/await. */
export type PromisedMembers<Port> = { readonly [Name in keyof Port]: Promised<Port[Name]> }

/** An {@link ImageStore} for async/await, with what is derived from it at hand. Rejects with `ImageStoreError` alone. */
export interface PromiseImageStore extends PromisedMembers<ImageStore> {
  /** See `listImages`. */
  readonly listImages: (query?: ListQuery, options?: ListOptions) => AsyncGenerator<Image, void, undefined>
  /** See `collect`. */
  readonly collect: (query?: ListQuery, options?: ListOptions) => Promise<readonly Image[]>
  /** See `waitFor`. */
  readonly waitFor: (refs: readonly OperationRef[], options?: WaitOptions) => AsyncGenerator<Outcome, void, undefined>
  /** See `waitForAll`. */
  readonly waitForAll: (refs: readonly OperationRef[], options?: WaitOptions) => Promise<readonly Outcome[]>
  /** See `importEach`. */
  readonly importEach: (
    specs: readonly ImportSpec[],
    options?: ImportAllOptions,
  ) => AsyncGenerator<ImportOutcome, void, undefined>
  /** See `importAll`. */
  readonly importAll: (specs: readonly ImportSpec[], options?: ImportAllOptions) => Promise<readonly ImportOutcome[]>
  /** See `findByName`. */
  readonly findByName: (name: string, query?: NameQuery, options?: Pick<CallOptions, 'signal'>) => Promise<Image>
  /** See `latest`. */
  readonly latest: (query: LatestQuery, options?: Pick<CallOptions, 'signal'>) => Promise<Image>
  /** See `ensureImage`. */
  readonly ensureImage: (
    spec: Omit<ImportSpec, 'key'>,
    key: string,
    options?: Pick<CallOptions, 'signal'>,
  ) => Promise<EnsuredImage>
}

const run = async <A>(task: StoreTask<A>): Promise<A> => {
  const result = await task()
  if (E.isLeft(result)) throw result.left
  return result.right
}

/** A task is a function, and nothing else that a store returns is one. */
const promised =
  (member: (...parameters: readonly unknown[]) => unknown) =>
  (...parameters: readonly unknown[]): unknown => {
    const result = member(...parameters)
    return typeof result === 'function' ? run(result as StoreTask<unknown>) : result
  }

/**
 * A record of functions that return tasks, such as a union, for async/await: every member runs at once and returns a
 * promise. For a store {@link withPromises} has more.
 */
export const promisedMembers = <Port extends object>(port: Port): PromisedMembers<Port> =>
  Object.fromEntries(
    Object.entries(port).map(([name, member]) => [name, typeof member === 'function' ? promised(member) : member]),
  ) as PromisedMembers<Port>

/** The same store for async/await: every member runs at once and returns a promise. */
export const withPromises = (store: ImageStore): PromiseImageStore => ({
  ...promisedMembers(store),
  listImages: (query, options) => listImages(store, query, options),
  collect: (query, options) => run(collect(store, query, options)),
  waitFor: (refs, options) => waitFor(store, refs, options),
  waitForAll: (refs, options) => run(waitForAll(store, refs, options)),
  importEach: (specs, options) => importEach(store, specs, options),
  importAll: (specs, options) => run(importAll(store, specs, options)),
  findByName: (name, query, options) => run(findByName(store, name, query, options)),
  latest: (query, options) => run(latest(store, query, options)),
  ensureImage: (spec, key, options) => run(ensureImage(store, spec, key, options)),
})
