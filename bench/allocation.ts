/**
 * How many bytes it allocates to check and normalise one image, and how many images a second that is. Prints one line of
 * JSON. Run with a young generation so large that nothing is collected meanwhile, so that the heap's growth is all there was.
 */
import { toImage as digitalOceanImage } from '../adapters/digitalocean/image.ts'
import * as DigitalOcean from '../adapters/digitalocean/wire.ts'
import { imagesIn } from '../adapters/gcore/image.ts'
import * as Gcore from '../adapters/gcore/wire.ts'
import { digitalOceanPayload, gcorePayload } from './payloads.ts'

const images = 10_000
const warmUps = 20
const rounds = 15

const account = { store: 'gcore', projectId: '1337' }

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

const collectGarbage = (globalThis as { gc?: () => void }).gc

const measure = <A>(payloads: readonly unknown[], normalise: (payload: unknown) => A) => {
  const results = new Array<A | undefined>(payloads.length)
  const once = () => {
    for (let index = 0; index < payloads.length; index++) results[index] = normalise(payloads[index])
  }
  for (let index = 0; index < warmUps; index++) once()
  const bytes: number[] = []
  const rates: number[] = []
  for (let round = 0; round < rounds; round++) {
    collectGarbage?.()
    const heap = process.memoryUsage().heapUsed
    const begun = performance.now()
    once()
    rates.push((payloads.length / (performance.now() - begun)) * 1000)
    bytes.push((process.memoryUsage().heapUsed - heap) / payloads.length)
  }
  return { bytesPerImage: Math.round(median(bytes)), imagesPerSecond: Math.round(median(rates)) }
}

const payloadsOf = (make: (index: number) => unknown): readonly unknown[] =>
  JSON.parse(JSON.stringify(Array.from({ length: images }, (_, index) => make(index))))

const checked =
  <A, B>(is: (value: unknown) => value is A, normalise: (value: A) => B) =>
  (value: unknown): B => {
    if (!is(value)) throw new Error('the payload is not what the codec takes')
    return normalise(value)
  }

const report = {
  digitalocean: measure(
    payloadsOf(digitalOceanPayload),
    checked(DigitalOcean.Image.is, (wire) => digitalOceanImage('digitalocean', wire)),
  ),
  gcore: measure(payloadsOf(gcorePayload), checked(Gcore.Image.is, imagesIn(account, '76'))),
}
process.stdout.write(`${JSON.stringify(report)}\n`)
