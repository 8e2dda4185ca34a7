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

/** A time of an image, with microseconds where there is no zone, as the examples have it. `atMs` is ms since 1970. */
export const imageStamp = (atMs: number, style: TimestampStyle): string => {
  const iso = new Date(atMs).toISOString()
  return style === 'zone-less' ? `${iso.slice(0, 23)}000` : `${iso.slice(0, 19)}${zones[style]}`
}

/** A time of a task, a region or a project, to the second. `atMs` is ms since 1970. [PD:async-operations, SPEC] */
export const stampToSecond = (atMs: number, style: TimestampStyle): string =>
  `${new Date(atMs).toISOString().slice(0, 19)}${zones[style]}`
