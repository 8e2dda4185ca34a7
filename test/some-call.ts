import type { Call } from '../src/store/member.ts'

/** One call of a member, of which nothing is wanted but that it ends with the signal. */
export const someCall = (signal: AbortSignal = new AbortController().signal): Call => ({
  operation: 'importFromUrl',
  signal,
  noteCompleted: () => undefined,
  explain: (error) => error,
  sending: () => ({ signal, ended: () => undefined }),
  settle: () => undefined,
  tell: () => undefined,
  isHeard: () => false,
})
