import type { StoreOperation } from '../store/capabilities.ts'
import type { ImageStore } from '../store/image-store.ts'
import type { CallOptions, StoreTask } from '../store/store-task.ts'

/** What is done around one call of a member; `run` makes the call, with options that may be others than the caller's. */
export type AroundCall = <A>(
  operation: StoreOperation,
  options: CallOptions | undefined,
  run: (options: CallOptions | undefined) => StoreTask<A>,
) => StoreTask<A>

/** The same store with something done around every call. What is no call (`can`, the capabilities) stays as it is. */
export const aroundEachMember = (store: ImageStore, around: AroundCall): ImageStore => ({
  name: store.name,
  provider: store.provider,
  capabilities: store.capabilities,
  can: store.can,
  ...(store.requestsLeft === undefined ? {} : { requestsLeft: store.requestsLeft }),
  listPage: (query, cursor, options) => around('listPage', options, (own) => store.listPage(query, cursor, own)),
  get: (ref, options) => around('get', options, (own) => store.get(ref, own)),
  importFromUrl: (spec, options) => around('importFromUrl', options, (own) => store.importFromUrl(spec, own)),
  findOperations: (key, options) => around('findOperations', options, (own) => store.findOperations(key, own)),
  update: (ref, patch, options) => around('update', options, (own) => store.update(ref, patch, own)),
  replicate: (ref, regions, options) => around('replicate', options, (own) => store.replicate(ref, regions, own)),
  delete: (ref, options) => around('delete', options, (own) => store.delete(ref, own)),
  createFromServer: (spec, options) => around('createFromServer', options, (own) => store.createFromServer(spec, own)),
  createFromVolume: (spec, options) => around('createFromVolume', options, (own) => store.createFromVolume(spec, own)),
  createFromBackup: (ref, options) => around('createFromBackup', options, (own) => store.createFromBackup(ref, own)),
  getOperations: (refs, options) => around('getOperations', options, (own) => store.getOperations(refs, own)),
  listRegions: (options) => around('listRegions', options, (own) => store.listRegions(own)),
  quota: (region, options) => around('quota', options, (own) => store.quota(region, own)),
})
