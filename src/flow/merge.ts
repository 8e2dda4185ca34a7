import { onAbort } from '../store/on-abort.ts'

/** What one of several sources came to: a value, its end, or its failure. */
export type Merged<Source, A> =
  | { readonly source: Source; readonly kind: 'value'; readonly value: A }
  | { readonly source: Source; readonly kind: 'end' }
  | { readonly source: Source; readonly kind: 'failure'; readonly error: unknown }

/**
 * Reads several sequences at the same time and yields what they come to as it comes, until the last has ended; one that
 * is slow holds up no other. Each is asked for its next value while the one before is looked at, and no further. When
 * the signal is aborted it ends at once, without waiting for anybody: that the sources stop is their own affair.
 */
export async function* merge<Source, A>(
  sources: ReadonlyMap<Source, AsyncIterator<A>>,
  signal: AbortSignal,
): AsyncGenerator<Merged<Source, A>, void, undefined> {
  const ready: Merged<Source, A>[] = []
  let wake = () => {}
  const wakeUp = () => wake()

  const arrive = (event: Merged<Source, A>) => {
    ready.push(event)
    wake()
  }
  const ask = (source: Source, values: AsyncIterator<A>) => {
    values.next().then(
      ({ done, value }) => arrive(done === true ? { source, kind: 'end' } : { source, kind: 'value', value }),
      (error: unknown) => arrive({ source, kind: 'failure', error }),
    )
  }

  let open = sources.size
  for (const [source, values] of sources) ask(source, values)
  const release = onAbort(signal, wakeUp)
  try {
    while (open > 0 && !signal.aborted) {
      const event = ready.shift()
      if (event === undefined) {
        // One promise for each wait: racing the pending ones would leave a reaction on the slow ones every time.
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      if (event.kind === 'value') {
        const values = sources.get(event.source)
        if (values !== undefined) ask(event.source, values)
      } else open -= 1
      yield event
    }
  } finally {
    release()
  }
}
