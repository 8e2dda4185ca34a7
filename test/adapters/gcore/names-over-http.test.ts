import { gcore } from 'imageferry/gcore'
import { startEmulator } from 'imageferry/gcore/emulator'
import { expect, it } from 'vitest'
import { fail, succeed } from '../../either.ts'

it('a store goes by the names of its project and its regions, and its refs by their numbers', async () => {
  const furtherProjects = [
    { id: 8, name: 'web', deleted: true },
    { id: 9, name: 'Web', state: 'DELETING' },
    { id: 10, name: 'LAB' },
    { id: 11, name: 'Lab' },
  ]
  const emulator = await startEmulator({ timeScale: 0, projectName: 'web', furtherProjects })
  try {
    const { apiKey, baseUrl } = emulator
    const id = emulator.addImage({ name: 'one', region_id: 68 })
    emulator.addImage({ name: 'two', region_id: 76 })
    const store = gcore({ apiKey, baseUrl, project: 'WEB', regions: ['chicago', 76] })
    const { images, next } = await succeed(store.listPage({ regions: ['Chicago'] }))
    expect(images.map(({ ref }) => ref)).toEqual([`gcore:1337/68/${id}`])
    expect(next).toBeUndefined()
    expect((await succeed(store.quota('luxembourg'))).images).toEqual({ limit: 0, used: 0 })
    expect((await fail(gcore({ apiKey, baseUrl, project: 'lab' }).listPage())).message).toMatch(
      /LAB \(10\), Lab \(11\)/,
    )
  } finally {
    await emulator.close()
  }
})
