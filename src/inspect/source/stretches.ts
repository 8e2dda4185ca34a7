/** Bytes of a file that are known, by where they stand. All offsets and lengths are in bytes. */
export interface Stretches {
  /** Adds what is known of a place. */
  readonly put: (at: number, bytes: Uint8Array) => void
  /** Where what is known from `at` on without a gap ends; `at` itself where its byte is not known. */
  readonly endFrom: (at: number) => number
  /** The first place behind `at` that is known and has an unknown byte before it, or Infinity. */
  readonly nextKnown: (at: number) => number
  /** Where what is known next before `at` ends, or 0. */
  readonly lastEnd: (at: number) => number
  /** What is known from `at` on without a gap, `most` bytes at the most. */
  readonly from: (at: number, most: number) => Uint8Array
}

interface Stretch {
  readonly at: number
  readonly bytes: Uint8Array
}

const endOf = ({ at, bytes }: Stretch): number => at + bytes.length

const joined = (stretches: readonly Stretch[]): Stretch => {
  const at = Math.min(...stretches.map((stretch) => stretch.at))
  const bytes = new Uint8Array(Math.max(...stretches.map(endOf)) - at)
  for (const stretch of stretches) bytes.set(stretch.bytes, stretch.at - at)
  return { at, bytes }
}

/** Nothing known yet. What touches each other is joined, so that a read across several fetches is one piece. */
export const noStretches = (): Stretches => {
  let known: readonly Stretch[] = []
  const around = (at: number): Stretch | undefined => known.find((stretch) => stretch.at <= at && at < endOf(stretch))

  return {
    put: (at, bytes) => {
      if (bytes.length === 0) return
      const added = { at, bytes }
      const touches = (stretch: Stretch): boolean => stretch.at <= endOf(added) && at <= endOf(stretch)
      const touched = known.filter(touches)
      const others = known.filter((stretch) => !touches(stretch))
      known = [...others, touched.length === 0 ? added : joined([...touched, added])]
    },
    endFrom: (at) => {
      const stretch = around(at)
      return stretch === undefined ? at : endOf(stretch)
    },
    nextKnown: (at) => Math.min(...known.map((stretch) => stretch.at).filter((start) => start > at)),
    lastEnd: (at) => Math.max(0, ...known.map(endOf).filter((end) => end <= at)),
    from: (at, most) => {
      const stretch = around(at)
      return stretch === undefined ? new Uint8Array() : stretch.bytes.subarray(at - stretch.at, at - stretch.at + most)
    },
  }
}
