import type {
  Capabilities,
  CaptureField,
  ImportCapabilities,
  ImportField,
  ImportRule,
  RequestLimit,
  StoreOperation,
  UpdateField,
} from '../src/index.ts'

/** What each operation does, in a few words. One that is missing does not compile; so with the fields below. */
export const operations: Readonly<Record<StoreOperation, string>> = {
  listPage: 'list images',
  get: 'read one image',
  importFromUrl: 'make an image of a file that the provider fetches',
  findOperations: 'find what a key of the caller has begun',
  update: 'change an image',
  replicate: 'make an image usable in further regions',
  delete: 'delete an image',
  createFromServer: "make an image from a server's disk",
  createFromVolume: 'make an image from a volume',
  createFromBackup: 'keep a backup as an image',
  getOperations: 'look up what was begun',
  listRegions: 'list the regions',
  quota: 'how much a region may still hold',
}

/** The describing fields of an import. */
export const importFields: Readonly<Record<ImportField, string>> = {
  description: 'a text',
  tags: 'tags',
  os: 'the operating system',
  architecture: 'the processor',
  firmware: 'BIOS or UEFI',
  machineType: 'the chipset',
  sshKeyPolicy: 'whether servers need an SSH key',
  bareMetal: 'for bare-metal servers',
  gpu: 'for servers with graphics processors',
  copyOnWrite: 'stored so that volumes share its blocks',
}

/** The describing fields of a capture. */
export const captureFields: Readonly<Record<CaptureField, string>> = {
  tags: 'tags',
  osFamily: 'Linux, Windows and so on',
  architecture: 'the processor',
  firmware: 'BIOS or UEFI',
  machineType: 'the chipset',
  sshKeyPolicy: 'whether servers need an SSH key',
  bareMetal: 'for bare-metal servers',
}

/** The rules by which an image is judged before it is imported. */
export const importRules: Readonly<Record<ImportRule, string>> = {
  formats: 'formats',
  uncertainFormats: 'formats that may be taken',
  compressions: 'compressions',
  uncertainCompressions: 'compressions that may be taken',
  oneFile: 'one file and no archive',
  maximumBytes: 'the largest disk',
  quota: 'the quota of a region',
  head: 'HEAD is sent',
  credentials: 'no credentials are sent',
  fileName: 'the name in the URL',
  query: 'a URL with a query',
  partitionTable: 'a partition table',
  families: 'operating systems',
  toldFamilies: 'operating systems that it tells apart',
  architectures: 'processors',
  firmware: 'firmware',
  rootFileSystems: 'root file system',
  agents: 'what is installed',
  defaults: 'what an image is taken for',
  defaultFirmware: 'the firmware of a server, unless told',
  names: 'names',
  minimumDisk: 'the least disk of a server',
}

/** The fields of an update. */
export const updateFields: Readonly<Record<UpdateField, string>> = {
  name: 'the name',
  description: 'the text',
  distribution: 'the distribution of the operating system',
  osFamily: 'Linux, Windows and so on',
  firmware: 'BIOS or UEFI',
  machineType: 'the chipset',
  sshKeyPolicy: 'whether servers need an SSH key',
  bareMetal: 'for bare-metal servers',
  tags: 'tags, put and dropped one by one',
}

/** The forms of tags. */
export const tagForms: Readonly<Record<Capabilities['tags']['style'], string>> = {
  flat: 'one text each; a key and its value are joined by a colon',
  pairs: 'a key and a value',
}

/** The names in a record, in its order. */
export const namesOf = <Name extends string>(record: Readonly<Record<Name, string>>): readonly Name[] =>
  Object.keys(record) as Name[]

const keyPlaces: Readonly<Record<NonNullable<Capabilities['keysLiveIn']>, string>> = {
  description: 'in the description, which is shown without (of a capture, in the name)',
  tag: 'in a tag, which is not shown',
  record: 'beside the image',
}

/** Where operation keys are kept. */
export const keyPlace = (place: Capabilities['keysLiveIn']): string => (place === undefined ? 'none' : keyPlaces[place])

/** Whether something is known to be needed. */
export const needed = (isNeeded: true | undefined): string => (isNeeded === true ? 'needed' : 'not known')

const minimumDisks: Readonly<Record<NonNullable<ImportCapabilities['minimumDisk']>, string>> = {
  'from-image': 'follows from the image',
  unset: 'cannot be set',
}

/** What the least disk of a server is. */
export const minimumDisk = (from: ImportCapabilities['minimumDisk']): string =>
  from === undefined ? 'not known' : minimumDisks[from]

/** A largest size, given in bytes, in gigabytes of 10^9 bytes. */
export const sizeLimit = (bytes: number | undefined): string =>
  bytes === undefined ? 'not known' : `${bytes / 1000 ** 3} GB (of 10^9 bytes)`

const spans: ReadonlyMap<number, string> = new Map([
  [60, 'a minute'],
  [3600, 'an hour'],
])

/** Limits of requests. */
export const requestLimits = (limits: readonly RequestLimit[]): string =>
  limits.length === 0
    ? 'not known'
    : limits
        .map(({ requests, perSeconds }) => `${requests} in ${spans.get(perSeconds) ?? `${perSeconds} seconds`}`)
        .join(', ')
