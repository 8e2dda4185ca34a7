import type { ImageStore } from 'imageferry'
import { digitalOceanTalk, token } from './digitalocean/talk.ts'
import { apiKey, gcoreTalk } from './gcore/talk.ts'
import type { Answer, Talk } from './provider-talk.ts'

/** One adapter over HTTP: what is the same for all of them is tried on each. */
export interface HttpSubject {
  readonly name: string
  readonly secret: string
  readonly start: (
    answers: readonly Answer[],
  ) => Talk & { readonly store: ImageStore; readonly slept: readonly number[] }
  readonly image: string
  readonly region: string
  /** The body that answers a `get`. */
  readonly found: object
  /** What is named as the place of an id that is missing. */
  readonly placeOfId: string
}

/** The adapters over HTTP. */
export const httpSubjects: readonly HttpSubject[] = [
  {
    name: 'digitalocean',
    secret: token,
    start: digitalOceanTalk,
    image: 'digitalocean:7',
    region: 'nyc3',
    found: { image: { id: 7, name: 'web' } },
    placeOfId: 'ImageAnswer/',
  },
  {
    name: 'gcore',
    secret: apiKey,
    start: gcoreTalk,
    image: 'gcore:1337/76/uuid',
    region: '76',
    found: { id: 'uuid', name: 'web' },
    placeOfId: 'Image/',
  },
]
