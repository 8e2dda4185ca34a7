import { type Capabilities, notSupported, type OperationSupport } from '../store/capabilities.ts'
import type { ImageStore } from '../store/image-store.ts'
import { memberOf, refuseAll } from '../store/member.ts'
import { systemRuntime } from '../store/runtime.ts'
import { writeOperations } from '../store/write-operation.ts'

const reason = 'The store was opened for reading only'

/** What the store cannot do anyway keeps its own reason, which is the one that stays when the decorator goes. */
const withoutWrites = ({ operations, ...rest }: Capabilities): Capabilities => ({
  ...rest,
  operations: {
    ...operations,
    ...(Object.fromEntries(
      writeOperations.map((name) => [name, operations[name].supported ? notSupported(reason) : operations[name]]),
    ) as Readonly<Record<(typeof writeOperations)[number], OperationSupport>>),
  },
})

/**
 * The same store for reading only: every member that changes something at the provider is `unsupported`, in its
 * capabilities, to `can`, and when it is called. Nothing is sent for it.
 */
export const readOnly = (store: ImageStore): ImageStore => {
  const capabilities = withoutWrites(store.capabilities)
  // Members that are refused never come to the point where the time matters.
  const member = memberOf({ name: store.name, capabilities, runtime: systemRuntime })
  return {
    ...store,
    capabilities,
    can: (operation, image) => capabilities.operations[operation].supported && store.can(operation, image),
    ...refuseAll(member, writeOperations),
  }
}
