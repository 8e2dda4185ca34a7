import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Capabilities, ImageStore } from 'imageferry'
import { digitalOceanCapabilities } from 'imageferry/digitalocean'
import { gcoreCapabilities } from 'imageferry/gcore'
import { type Cost, checkCompatibility, inspect, isInspectError, type Severity, type Verdict } from 'imageferry/inspect'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { succeed } from '../either.ts'
import { type AccountImage, accountOf } from '../real-images/account.ts'
import { accountHost } from '../real-images/account-host.ts'
import { accountImporters } from '../real-images/account-importers.ts'
import { makesRealImages } from '../real-images/tools.ts'

/** Each is another account. */
const seeds = [15, 27, 125] as const

const capabilities: Readonly<Record<AccountImage['target'], Capabilities>> = {
  digitalocean: digitalOceanCapabilities,
  gcore: gcoreCapabilities,
}

/** What was said of an image before its import. */
interface Said {
  readonly verdict: Verdict | 'not looked at'
  /** What speaks against the import, or the kind of the error that ended the look. What is only uncertain does not count. */
  readonly against: readonly string[]
  /** Nothing where the look has ended. */
  readonly cost?: Cost
}

const speaksAgainst: ReadonlySet<Severity> = new Set<Severity>(['blocks', 'likely-fails'])

const say = async (image: AccountImage, url: string, store: ImageStore): Promise<Said> => {
  const { target, manner, region, importName: name = image.name, options } = image
  try {
    // All hosts of this test are on loopback, of which nothing is told here unless a host is to be out of reach.
    const facts = await inspect(url, { allowPrivate: manner !== 'in the own network' })
    const quota = store.capabilities.operations.quota.supported ? await succeed(store.quota(region)) : undefined
    const { verdict, findings } = checkCompatibility(facts, capabilities[target], { name, url, quota, ...options })
    const against = findings.filter(({ severity }) => speaksAgainst.has(severity)).map(({ code }) => code)
    return { verdict, against, cost: facts.cost }
  } catch (error) {
    if (!isInspectError(error)) throw error
    return { verdict: 'not looked at', against: [error.kind] }
  }
}

describe.runIf(makesRealImages)('the images of a team', () => {
  let folder = ''
  let host: Awaited<ReturnType<typeof accountHost>>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'imageferry-account-'))
    host = await accountHost(folder)
  })
  afterAll(async () => {
    host.close()
    await rm(folder, { recursive: true, force: true })
  })

  it.each(seeds)(
    'in account %d every fault is named, nothing good is doubted, and what an importer fails is not called accepted',
    async (seed) => {
      const importers = await accountImporters()
      const images: (AccountImage & Said & { readonly isTaken: boolean })[] = []
      for (const image of accountOf(seed)) {
        const url = await host.urlOf(image)
        const said = await say(image, url, importers.stores[image.target])
        images.push({ ...image, ...said, isTaken: await importers.takes(image, url) })
      }
      await importers.close()
      expect(importers.failures()).toEqual([])

      const faulty = images.filter(({ named }) => named !== undefined)
      const good = images.filter(({ named }) => named === undefined)
      const accepted = images.filter(({ verdict }) => verdict === 'accepted')
      expect({ good: good.length, faulty: faulty.length }).toEqual({ good: 28, faulty: 12 })

      expect(accepted.filter(({ named }) => named !== undefined)).toEqual([])
      expect(faulty.filter(({ named = '', against }) => !against.includes(named))).toEqual([])
      expect(good.filter(({ against }) => against.length > 0)).toEqual([])
      expect(good.map(({ verdict }) => verdict)).not.toContain('refused')
      expect(good.map(({ verdict }) => verdict)).not.toContain('doubtful')

      // The importers of the emulators judge by the whole file.
      expect(accepted.filter(({ isTaken }) => !isTaken)).toEqual([])
      expect(images.filter(({ isTaken }) => !isTaken).length).toBeGreaterThan(0)

      expect(images.filter(({ cost }) => cost !== undefined && cost.requests > 12)).toEqual([])
      expect(images.filter(({ cost }) => cost !== undefined && cost.bytes > 2 ** 20)).toEqual([])
    },
  )
})
