/**
 * The contract of the `ImageStore` port as a suite that any adapter can be put to, in any test runner: each case is one
 * sentence of the port's documentation.
 */
import type { StoreOperation } from '../store/capabilities.ts'
import { calls } from './cases/calls.ts'
import { capturing } from './cases/capturing.ts'
import { deleting } from './cases/deleting.ts'
import { importing } from './cases/importing.ts'
import { keys } from './cases/keys.ts'
import { listing } from './cases/listing.ts'
import { operations } from './cases/operations.ts'
import { permitting } from './cases/permitting.ts'
import { quota } from './cases/quota.ts'
import { reading } from './cases/reading.ts'
import { converting, replicating } from './cases/replicating.ts'
import { updating } from './cases/updating.ts'
import type { ConformanceCase, ConformanceHarness } from './subject.ts'

export type { CaptureSource, ConformanceCase, ConformanceHarness, ConformanceSubject } from './subject.ts'

/** The functions of a test runner: vitest's, mocha's, jest's and node:test's will do. */
export interface ConformanceRunner {
  readonly describe: (name: string, define: () => void) => unknown
  readonly it: (name: string, check: () => Promise<void>) => unknown
}

/** Cases, and what a store has to support for them to apply. */
export interface ConformanceGroup {
  readonly name: string
  readonly needs: readonly StoreOperation[]
  readonly cases: readonly ConformanceCase[]
}

/** All there is. What a store declares as unsupported leaves its group out; that it says so is a case of `every member`. */
export const conformanceGroups: readonly ConformanceGroup[] = [
  { name: 'every member', needs: [], cases: calls },
  { name: 'get and listRegions', needs: ['get', 'listRegions'], cases: reading },
  { name: 'listPage', needs: ['listPage', 'get', 'importFromUrl', 'getOperations'], cases: listing },
  { name: 'importFromUrl', needs: ['importFromUrl', 'listPage', 'get', 'getOperations'], cases: importing },
  { name: 'update', needs: ['update', 'importFromUrl', 'get', 'getOperations'], cases: updating },
  { name: 'can', needs: ['importFromUrl', 'listPage', 'get', 'getOperations'], cases: permitting },
  { name: 'delete', needs: ['delete', 'importFromUrl', 'listPage', 'get', 'getOperations'], cases: deleting },
  { name: 'getOperations', needs: ['getOperations', 'importFromUrl'], cases: operations },
  {
    name: 'findOperations',
    needs: ['findOperations', 'importFromUrl', 'listPage', 'get', 'getOperations'],
    cases: keys,
  },
  { name: 'quota', needs: ['quota', 'importFromUrl', 'listPage', 'get', 'getOperations'], cases: quota },
  { name: 'replicate', needs: ['replicate', 'importFromUrl', 'get', 'getOperations'], cases: replicating },
  {
    name: 'createFromServer',
    needs: ['createFromServer', 'listPage', 'get', 'getOperations'],
    cases: capturing('createFromServer'),
  },
  {
    name: 'createFromVolume',
    needs: ['createFromVolume', 'listPage', 'get', 'getOperations'],
    cases: capturing('createFromVolume'),
  },
  { name: 'createFromBackup', needs: ['createFromBackup', 'importFromUrl', 'get', 'getOperations'], cases: converting },
]

/** Defines the suite for one store. Every case starts a subject of its own and stops it, so that their order is free. */
export const conformance = ({ describe, it }: ConformanceRunner, harness: ConformanceHarness): void => {
  const declared = harness.capabilities.operations
  describe(`${harness.name} keeps the contract of ImageStore`, () => {
    for (const { name, needs, cases } of conformanceGroups) {
      if (!needs.every((operation) => declared[operation].supported)) continue
      describe(name, () => {
        for (const { sentence, check } of cases)
          it(sentence, async () => {
            const subject = await harness.start()
            try {
              await check(subject)
            } finally {
              await subject.stop()
            }
          })
      })
    }
  })
}
