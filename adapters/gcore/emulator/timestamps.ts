/**
 * How time stamps are written. The provider's own examples have all four: no zone at all (its OpenAPI examples), `Z`,
 * `+00:00` (guides) and `+0000` (an old SDK's fixtures). [facts 1.8: SPEC, SEED, PD, OLD]
 */
export type TimestampStyle = 'zone-less' | 'z' | 'offset' | 'compact-offset'

const zones: Readonly<Record<TimestampStyle, string>> = {
  'zone-less': '',
  z: 'Z',
  offset: '+00:00',
  'compact-offset': '+0000',
}

/** What decides how times are written. */
export interface TimeStyle {
  readonly timestamps: TimestampStyle
  /** How many ms the times without a zone are ahead of UTC. */
  readonly zoneLessOffset: number
}

const isoOf = (atMs: number, { timestamps, zoneLessOffset }: TimeStyle): string =>
  new Date(timestamps === 'zone-less' ? atMs + zoneLessOffset : atMs).toISOString()

/** A time of an image, with microseconds where there is no zone, as the examples have it. `atMs` is ms since 1970. */
export const imageStamp = (atMs: number, style: TimeStyle): string => {
  const iso = isoOf(atMs, style)
  return style.timestamps === 'zone-less' ? `${iso.slice(0, 23)}000` : `${iso.slice(0, 19)}${zones[style.timestamps]}`
}

/** A time of a task, a region or a project, to the second. `atMs` is ms since 1970. [PD:async-operations, SPEC] */
export const stampToSecond = (atMs: number, style: TimeStyle): string =>
  `${isoOf(atMs, style).slice(0, 19)}${zones[style.timestamps]}`
