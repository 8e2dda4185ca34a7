import { capabilities as digitalOcean } from '../adapters/digitalocean/capabilities.ts'
import { capabilities as gcore } from '../adapters/gcore/capabilities.ts'
import { everything as memory } from '../adapters/memory/capabilities.ts'
import type { Capabilities, CaptureField, ImportField, ImportRule, StoreOperation, UpdateField } from '../src/index.ts'
import { table } from './markdown-table.ts'
import {
  captureFields,
  importFields,
  importRules,
  keyPlace,
  minimumDisk,
  namesOf,
  needed,
  operations,
  requestLimits,
  sizeLimit,
  tagForms,
  updateFields,
} from './providers-words.ts'

/** The stores of this package, in the order of the columns. */
const stores: readonly (readonly [name: string, capabilities: Capabilities])[] = [
  ['DigitalOcean', digitalOcean],
  ['Gcore', gcore],
  ['memory', memory],
]

const columns = (first: string): readonly string[] => [first, ...stores.map(([name]) => name)]

const row = (name: string, show: (capabilities: Capabilities) => string): readonly string[] => [
  name,
  ...stores.map(([, capabilities]) => show(capabilities)),
]

const yes = (holds: boolean): string => (holds ? 'yes' : 'no')

const words = (list: readonly string[]): string => (list.length === 0 ? 'none' : list.join(', '))

const known = (value: number | undefined, unit: string): string =>
  value === undefined ? 'not known' : `${value} ${unit}`

const support = ({ operations: all }: Capabilities, operation: StoreOperation): string => {
  const one = all[operation]
  return one.supported ? 'yes' : `no: ${one.reason}`
}

const operationTable = table(
  columns('operation'),
  namesOf(operations).map((operation) =>
    row(`\`${operation}\`: ${operations[operation]}`, (one) => support(one, operation)),
  ),
)

const fileTable = table(columns('of the file'), [
  row('formats', (one) => words(one.import.formats)),
  row('formats that may be taken: sources disagree', (one) => words(one.import.uncertainFormats)),
  row('compressions around it', (one) => words(one.import.compressions)),
  row('compressions that may be taken: no source says', (one) => words(one.import.uncertainCompressions)),
  row('the disk, decompressed, is smaller than', (one) => sizeLimit(one.import.maximumBytes)),
  row('the least disk of a server', (one) => minimumDisk(one.import.minimumDisk)),
  row('imports at a time', (one) => known(one.import.concurrent, 'in a project')),
])

const told = (list: readonly string[] | undefined, glue = ', '): string =>
  list === undefined ? 'not known' : list.join(glue)

const needTable = table(columns('what is needed'), [
  row('the server answers HEAD as it does GET', ({ import: { source } }) => needed(source?.head)),
  row('the name in the URL', ({ import: { source } }) => source?.fileName?.rule ?? 'not known'),
  row('a URL with a query', ({ import: { source } }) => source?.query ?? 'not known'),
  row('a partition table on a plain disk', ({ import: { guest } }) => needed(guest?.partitionTable)),
  row('operating systems', ({ import: { guest } }) => told(guest?.families)),
  row('operating systems that it tells apart', ({ import: { guest } }) => told(guest?.toldFamilies)),
  row('processors', ({ import: { guest } }) => told(guest?.architectures)),
  row('firmware of virtual servers', ({ import: { guest } }) => told(guest?.firmware?.virtual)),
  row('firmware of bare-metal servers', ({ import: { guest } }) => told(guest?.firmware?.bareMetal)),
  row('root file system', ({ import: { guest } }) => told(guest?.rootFileSystems)),
  row('installed, one of', ({ import: { guest } }) => told(guest?.agents)),
  row('and besides', ({ import: { guest } }) => told(guest?.furtherNeeds, '; ')),
  row('taken for, unless told', ({ import: { defaults } }) =>
    told(defaults === undefined ? undefined : Object.values(defaults).filter((one) => one !== undefined)),
  ),
])

const ruleTable = table(
  columns('rule'),
  namesOf<ImportRule>(importRules).map((rule) =>
    row(importRules[rule], (one) => one.import.sources?.[rule] ?? 'no rule'),
  ),
)

const importTable = table(
  columns('field of an import'),
  namesOf<ImportField>(importFields).map((field) =>
    row(`\`${field}\`: ${importFields[field]}`, (one) => yes(one.import.fields.includes(field))),
  ),
)

const captures = ({ operations: { createFromServer, createFromVolume } }: Capabilities): boolean =>
  createFromServer.supported || createFromVolume.supported

const captureTable = table(
  columns('field of a capture'),
  namesOf<CaptureField>(captureFields).map((field) =>
    row(`\`${field}\`: ${captureFields[field]}`, (one) =>
      captures(one) ? yes(one.capture.fields.includes(field)) : 'no captures',
    ),
  ),
)

const updateTable = table(
  columns('field of an update'),
  namesOf<UpdateField>(updateFields).map((field) =>
    row(`\`${field}\`: ${updateFields[field]}`, (one) => yes(one.update.fields.includes(field))),
  ),
)

const textTable = table(columns('what'), [
  row('names', (one) => one.names.rule ?? 'any text that is not blank'),
  row('tags', (one) => tagForms[one.tags.style]),
  row('longest tag', (one) =>
    known(one.tags.maximumLength, one.tags.style === 'flat' ? 'characters' : 'characters of a key, and of a value'),
  ),
  row('several values of one key', (one) => yes(one.tags.repeatedKeys)),
  row('most tags of an image', (one) => known(one.tags.maximumCount, 'tags')),
  row('operation keys', (one) => keyPlace(one.keysLiveIn)),
  row('longest operation key, escaped as in a URL', (one) => known(one.maximumKeyLength, 'characters')),
])

const placeTable = table(columns('what'), [
  row('an image is in', (one) => (one.regionsPerImage === 'many' ? 'one region or several' : 'one region')),
  row('`get` takes the slug of a public image', (one) => yes(one.slugs)),
  row('prices, on request', (one) => yes(one.prices)),
  row('requests of one credential', (one) => requestLimits(one.limits.requests)),
  row('images listed by one request', (one) => known(one.limits.imagesPerRequest, 'at the most')),
])

const scopesOf = ({ operations: all }: Capabilities, operation: StoreOperation): string => {
  const one = all[operation]
  if (!one.supported) return 'does not work'
  return one.scopes.map(({ scope, when }) => `\`${scope}\`${when === undefined ? '' : ` (${when})`}`).join(', ')
}

const hasScopes = ({ operations: all }: Capabilities): boolean =>
  Object.values(all).some((one) => one.supported && one.scopes.length > 0)

const scopeTables = stores
  .filter(([, capabilities]) => hasScopes(capabilities))
  .map(([name, capabilities]) =>
    table(
      ['operation', `scopes of a ${name} token`],
      namesOf(operations).map((operation) => [`\`${operation}\``, scopesOf(capabilities, operation)]),
    ),
  )
  .join('\n\n')

/** The whole text of `docs/providers.md`, from the capabilities of every store. */
export const providersDocument =
  (): string => `<!-- Made by \`npm run docs\` from the capabilities of the adapters. Changes by hand are lost. -->

# What each provider can do

This is what \`store.capabilities\` says, as text. A program can ask the same: \`store.can('replicate')\` tells whether an
operation works at all, \`store.can('replicate', image)\` whether it works with that image as it is now, and
\`store.capabilities\` has all the rest as plain JSON. \`memory\` is the store without a provider, for tests.

"Not known" means that no source states it. It does not mean that there is no limit.

## Operations

What does not work fails with \`unsupported\` and the reason that stands here, and sends nothing.

${operationTable}

## Files that can be imported

A format or a compression that is certainly not taken is refused before a request is sent: by \`format\` and \`compression\` of the
import where they are told, else by the extension of the file name in the URL. An archive (\`.tar.gz\`, \`.zip\`, \`.ova\`) is
refused everywhere: an importer takes one disk. A name that says nothing (\`.img\`, or none) passes. So it does at DigitalOcean,
whose importer may refuse a URL whose path does not end in an extension it knows.

${fileTable}

## What an image needs

What is known of the file's address and of the guest in it, for those who look at an image before they import it
(\`checkCompatibility\` of \`imageferry/inspect\`). \`importFromUrl\` looks at no file: what is not met shows when the provider fetches it,
or when a server is made.

${needTable}

Where each rule comes from, by the keys of [sources.md](sources.md). A finding quotes the same. \`(inferred)\`: it follows from a source,
and none states it.

${ruleTable}

## What is kept of an import

The provider fetches the file from \`url\`; \`name\` and \`region\` are always kept. Of the other fields, one that is not kept is
refused by name, or with \`onLoss: 'accept'\` left out and listed in the operation's \`losses\`.

${importTable}

## What is kept of a capture

A capture is an image made from a server (\`createFromServer\`) or from a volume (\`createFromVolume\`). Losses are treated as
with an import.

${captureTable}

## What an update can change

A field that cannot be changed is refused by name, together with all others at fault. DigitalOcean changes the description and
the distribution of custom images only, and Gcore only the name and the tags of an image for graphics processors.

${updateTable}

## Names, tags and keys

Characters that a provider's tags cannot hold are escaped and read back as they were. The escapes count towards the length.

${textTable}

## Regions, prices and limits

${placeTable}

## Scopes of tokens

The least that a token has to be allowed for each operation. An error of the kind \`permission-denied\` names them in its hint.
API keys of Gcore have no scopes: what they may do is decided by their role in the project.

${scopeTables}
`
