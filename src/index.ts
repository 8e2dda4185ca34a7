/**
 * Imageferry: one provider-neutral `ImageStore` for virtual machine images.
 *
 * The adapters are imports of their own (`imageferry/digitalocean`, `imageferry/gcore`, `imageferry/memory`), so that
 * this one loads no HTTP library.
 */

export { type ChaosOptions, chaotic } from './flow/chaotic.ts'
export { type DryRunReport, dryRun, type UnsentWrite } from './flow/dry-run.ts'
export { type EnsuredImage, ensureImage } from './flow/ensure.ts'
export { findByName, type NameQuery } from './flow/find-by-name.ts'
export { type ImportAllOptions, importAll, importEach } from './flow/import-all.ts'
export type { ImportOutcome } from './flow/import-outcome.ts'
export type { ImportPhase, ImportProgress, UnendedImport } from './flow/import-progress.ts'
export { type LatestQuery, latest } from './flow/latest.ts'
export { type LimitOptions, limited } from './flow/limited.ts'
export { collect, type ListOptions, type ListQuery, listImages } from './flow/list.ts'
export { observed } from './flow/observed.ts'
export {
  type Promised,
  type PromisedMembers,
  type PromiseImageStore,
  promisedMembers,
  withPromises,
} from './flow/promises.ts'
export { readOnly } from './flow/read-only.ts'
export { type ImageUnion, type StoreFailure, type UnionOptions, union } from './flow/union.ts'
export { waitFor, waitForAll } from './flow/wait.ts'
export type { PhaseLimits, StallLimits, WaitOptions, WaitPhase, WaitProgress } from './flow/wait-options.ts'
export type { Outcome } from './flow/waited.ts'
export type { Compression, DiskFormat } from './model/disk-format.ts'
export {
  type ErrorDetails,
  ImageStoreError,
  type ImageStoreErrorKind,
  isImageStoreError,
  isTransient,
} from './model/error.ts'
export {
  type Architecture,
  type Firmware,
  type GpuDriver,
  type Image,
  type ImageKind,
  imageEquals,
  type MachineType,
  type Price,
  type Provenance,
  type SshKeyPolicy,
  type Visibility,
} from './model/image.ts'
export type { OpenEnum } from './model/open-enum.ts'
export { type OperatingSystem, type OsFamily, showOperatingSystem } from './model/operating-system.ts'
export { type ImageQuery, matchesQuery } from './model/query.ts'
export {
  type ImageRef,
  imageRef,
  type OperationRef,
  operationRef,
  parseImageRef,
  parseOperationRef,
  type RefParts,
  refParts,
} from './model/ref.ts'
export { type GeoPoint, type Region, type RegionId, regionId } from './model/region.ts'
export {
  distanceKilometres,
  mapRegion,
  nearest,
  type RegionChoice,
  type RegionMapping,
} from './model/region-map.ts'
export type { Size } from './model/size.ts'
export {
  type ImageStatus,
  isFailed,
  isReady,
  isSettled,
  type StatusMeaning,
  statusMeanings,
} from './model/status.ts'
export { missingTags, showTag, type Tag, type TagLoss, type TagLossReason, tagEquals, tagsEqual } from './model/tag.ts'
export type {
  Capabilities,
  ImportCapabilities,
  LimitCapabilities,
  NameCapabilities,
  OperationSupport,
  RequestLimit,
  StoreOperation,
  Supported,
  TagCapabilities,
  TokenScope,
} from './store/capabilities.ts'
export type { StoreEvent, StoreObserver } from './store/event.ts'
export type { ImageStore } from './store/image-store.ts'
export type { GuestNeeds, ImportDefaults, ImportNeeds, ImportRule, SourceNeeds } from './store/import-needs.ts'
export {
  type Duplicate,
  isOperationSettled,
  type Loss,
  type Operation,
  type OperationKind,
  type OperationLookup,
  type OperationState,
} from './store/operation.ts'
export { type Cursor, cursor, type Page, type RegionFailure } from './store/page.ts'
export type { Allowance, Quota } from './store/quota.ts'
export { type RequestBudget, type RequestBudgetOptions, requestBudget } from './store/request-budget.ts'
export type {
  CaptureField,
  CaptureSpec,
  ImagePatch,
  ImportField,
  ImportSpec,
  LossPolicy,
  TagsPatch,
  UpdateField,
} from './store/requests.ts'
export { type Runtime, systemRuntime } from './store/runtime.ts'
export type { CallOptions, ReadOptions, StoreTask } from './store/store-task.ts'
