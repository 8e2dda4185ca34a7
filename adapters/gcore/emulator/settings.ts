import type { ImageBodyStyle } from './image-body.ts'

/** What a project may have in one region. */
export interface ImageQuota {
  /** How many images. */
  readonly images: number
  /** How large they may be together, in bytes. */
  readonly bytes: number
}

/** What the tasks of GPU images are called. */
export interface GpuTaskTypes {
  /** Of an import, with the namespace's word in place of `*`. */
  readonly upload: string
  /** Of a deletion, likewise. */
  readonly remove: string
}

/** A project of the client beside the one that the images are in. */
export interface ProjectSeed {
  readonly id: number
  readonly name: string
  /** `ACTIVE` unless told. The other words are not published. [SPEC ProjectSerializer] */
  readonly state?: string
  readonly deleted?: boolean
}

/** What the tasks that make images tell of their request. */
export type TaskData = 'full' | 'name-and-url' | 'none'

/** What decides which fields a request may have. */
export interface BodyRules {
  readonly unknownFields: 'refused' | 'ignored'
  readonly machineTypes: 'i440' | 'pc'
  /** The fewest characters of a tag's key and value. */
  readonly shortestTag: 1 | 3
}

/** What decides how a refusal is written. */
export interface RefusalStyle {
  readonly validationStatus: 400 | 422
  readonly quotaStatus: 400 | 403
  readonly unauthorizedBody: 'cloud' | 'detail' | 'empty'
  readonly requestIds: 'always' | 'never'
  readonly traceback: 'absent' | 'present'
}

/** What decides how a list is read. */
export interface ListRules {
  readonly pagination: 'honoured' | 'ignored'
  readonly filters: 'honoured' | 'older' | 'ignored'
  readonly privateFilter: 'any-value' | 'boolean'
  readonly tagKeys: 'all' | 'any'
  readonly listOrder: 'newest' | 'oldest' | 'id'
  readonly absentLists: 'not-found' | 'empty'
  readonly bareMetalInProjectImages: boolean
  readonly bareMetalInImages: boolean
}

/** What decides how an import goes. Durations are in virtual ms. */
export interface ImportRules {
  readonly importDuration: number | readonly [least: number, most: number]
  readonly concurrentImports: number
  readonly settleDuration: number
  readonly settleStatuses: readonly string[]
  readonly settleSize: 0 | null
  readonly settlesTo: string
  /** How many imports of all have an image that settles, from 0 to 1. */
  readonly settleShare: number
  readonly earlyError: number
  readonly failedImport: 'nothing' | 'killed' | 'queued'
  readonly uncertainFormats: 'taken' | 'refused'
  readonly compression: 'taken' | 'refused'
  readonly unsetOs: 'unknown' | 'empty' | 'null'
  readonly ownVisibility: 'private' | 'shared'
  readonly gpuReadLag: number
}

/** How this emulator behaves, with nothing left open. Durations are in virtual ms. */
export interface Settings extends ImageBodyStyle, BodyRules, RefusalStyle, ListRules, ImportRules {
  readonly schemeCase: 'any' | 'documented'
  readonly clearingTags: 'by-null' | 'by-empty'
  readonly lockStatus: 400 | 403 | 409 | 423
  readonly standardInUse: 'refused' | 'deletable'
  readonly patchAnswer: 'image' | 'three-fields'
  readonly coordinates: 'text' | 'number' | 'null'
  readonly bareMetalFlag: 'true' | 'null'
  readonly gpuTaskTypes: GpuTaskTypes
  readonly quota: Readonly<Record<number, ImageQuota>>
  readonly projectName: string
  readonly furtherProjects: readonly ProjectSeed[]
  readonly taskData: TaskData
  readonly taskListLag: number
  readonly captureDuration: number
}
