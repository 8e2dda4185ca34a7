import type { ImageRef } from '../../src/model/ref.ts'
import { remember } from '../../src/store/remember.ts'
import type { Runtime } from '../../src/store/runtime.ts'

/** How long after the end of its task an image that still settles is looked at again, in milliseconds: as long as was seen. */
const usualMs = 20_000

/** After that it is left alone for this long at the least, in milliseconds, so that every look of a wait asks for it … */
const shortestGapMs = 10_000

/** … for this share of the time that it has settled, … */
const gapShare = 0.25

/** … and for this long at the most, in milliseconds. */
const longestGapMs = 60_000

/** A task that has ended longer ago than this, in milliseconds, or is yet to end, is told by another clock. */
const mostSkewMs = 60_000

/** How many are remembered: as many as one list of tasks holds. */
const most = 1000

/**
 * When the images of finished imports are looked at. Most are ready when their task is, one in four needs some time more (fact
 * sheet §4.1), and nothing but a look tells when it has passed. So each is looked at as soon as its task is seen to have ended, again
 * twenty seconds after that end, and then after a quarter of the time it has taken so far; in between it is said to be settling still.
 */
export const settlingLooks = ({ now }: Runtime) => {
  const looks = new Map<ImageRef, { readonly endedAt: number; readonly nextAt: number }>()
  return {
    isDue: (image: ImageRef): boolean => {
      const look = looks.get(image)
      return look === undefined || now() >= look.nextAt
    },

    /** Notes what a look has shown of an image whose task has ended at that moment, in milliseconds since the epoch; 0 where it is not known. */
    note: (image: ImageRef, isSettling: boolean, endedAt = 0): void => {
      const before = looks.get(image)
      looks.delete(image)
      if (!isSettling) return
      const time = now()
      const isLikely = endedAt <= time && time - endedAt <= mostSkewMs
      const ended = before?.endedAt ?? (isLikely ? endedAt : time)
      const gap = Math.min(Math.max((time - ended) * gapShare, shortestGapMs), longestGapMs)
      remember(looks, image, { endedAt: ended, nextAt: Math.max(time + gap, ended + usualMs) }, most)
    },
  }
}

/** When images are looked at. */
export type SettlingLooks = ReturnType<typeof settlingLooks>
