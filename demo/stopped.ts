import type { ImageStoreError } from 'imageferry'
import type { MigrationProgress } from './moving.ts'

/** What a migration that was stopped leaves behind: what is still running at the target, what may be, and how to find it again. */
export const stoppedLines = (
  target: string,
  progress: MigrationProgress | undefined,
  { unconfirmed = [] }: ImageStoreError,
  afterwards: string,
): readonly string[] => {
  const running = (progress?.moving ?? []).flatMap(({ name, ref }) =>
    ref === undefined ? [] : [`  ${name}  (${ref})`],
  )
  const possible = unconfirmed.map(({ change, key }) => `  ${change}${key === undefined ? '' : `  (key: ${key})`}`)
  const notBegun = (progress?.moving.length ?? 0) - running.length - possible.length
  const notLookedAt = progress?.notLookedAt ?? 0
  return [
    '',
    ...(running.length > 0 ? [`Still running at ${target}:`, ...running] : []),
    ...(running.length + notLookedAt === 0
      ? [`Nothing that this command waits for is still running at ${target}.`]
      : []),
    ...(possible.length === 0 ? [] : [`May be running at ${target}, whose answer did not come:`, ...possible]),
    ...(notBegun > 0 ? [`Not begun: ${notBegun} more.`] : []),
    ...(notLookedAt > 0 ? [`Not looked at: ${notLookedAt} more. What an earlier run has begun of them goes on.`] : []),
    ...(running.length + possible.length + notLookedAt === 0 ? [] : [afterwards]),
  ]
}
