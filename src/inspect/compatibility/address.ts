import type { ImageFacts } from '../facts.ts'
import type { IntendedImport } from './finding.ts'

/** Where a provider is to fetch the file, as far as rules look at it. */
export interface Address {
  /** The last segment of the URL's path, decoded; of a file on this machine its name, which the URL may or may not end in. */
  readonly fileName: string
  readonly hasQuery: boolean
  readonly hasUserInfo: boolean
  /** Whether the file lies on this machine, and nobody has said at which URL it will be. */
  readonly isLocal: boolean
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

const ofUrl = (text: string): Address | undefined => {
  if (!URL.canParse(text)) return undefined
  const { pathname, search, username, password } = new URL(text)
  return {
    fileName: decoded(pathname.split('/').at(-1) ?? ''),
    hasQuery: search !== '',
    hasUserInfo: username !== '' || password !== '',
    isLocal: false,
  }
}

/** Where the file will be fetched: the URL of the import that is meant, else the one that was looked at. Absent for a text that is no URL. */
export const addressOf = ({ source }: ImageFacts, { url }: IntendedImport): Address | undefined => {
  if (url !== undefined) return ofUrl(url)
  return source.kind === 'url'
    ? { fileName: source.fileName, hasQuery: source.hasQuery, hasUserInfo: source.hasUserInfo, isLocal: false }
    : { fileName: source.fileName, hasQuery: false, hasUserInfo: false, isLocal: true }
}
