import type { ImageRef } from '../../src/model/ref.ts'
import { remember } from '../../src/store/remember.ts'
import type { Runtime } from '../../src/store/runtime.ts'

/** How long an image that has just been imported is left alone after the first look at it, in milliseconds. */
const firstGapMs = 20_000

/** The longest that it is left alone, in milliseconds. */
const longestGapMs = 60_000

/** How many are remembered: as many as one list of tasks holds. */
const most = 1000

/**
 * When the images of finished imports are looked at. Most are ready when their task is, one in four needs some time more (fact
 * sheet §4.1), and nothing but a look tells when it has passed. So each is looked at as soon as its task has ended, after twenty
 * seconds again, and then after half as long as it has taken so far; in between it is said to be settling still.
 */
export const settlingLooks = ({ now }: Runtime) => {
  const looks = new Map<ImageRef, { readonly firstAt: number; readonly nextAt: number }>()
  return {
    isDue: (image: ImageRef): boolean => {
      const look = looks.get(image)
      return look === undefined || now() >= look.nextAt
    },

    /** Notes what a look has shown. */
    note: (image: ImageRef, isSettling: boolean): void => {
      const firstAt = looks.get(image)?.firstAt ?? now()
      looks.delete(image)
      if (!isSettling) return
      const gap = Math.min(Math.max((now() - firstAt) / 2, firstGapMs), longestGapMs)
      remember(looks, image, { firstAt, nextAt: now() + gap }, most)
    },
  }
}

/** When images are looked at. */
export type SettlingLooks = ReturnType<typeof settlingLooks>
