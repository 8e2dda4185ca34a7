import { expect, it } from 'vitest'
import { sideBySide } from '../../src/store/side-by-side.ts'

it('runs at most four tasks at a time, and gives their results in the order of the elements', async () => {
  let running = 0
  let most = 0
  const elements = Array.from({ length: 11 }, (_, index) => index)
  const results = await sideBySide((element: number) => async () => {
    running += 1
    most = Math.max(most, running)
    for (let turns = 0; turns < (element * 7) % 5; turns++) await Promise.resolve()
    running -= 1
    return element * 2
  })(elements)()
  expect(results).toEqual(elements.map((element) => element * 2))
  expect(most).toBe(4)
  expect(await sideBySide(() => async () => 1)([])()).toEqual([])
})
