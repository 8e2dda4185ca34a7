import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { imageRef, observed, requestBudget, waitForAll } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { startEmulator } from 'imageferry/digitalocean/emulator'
import { memory } from 'imageferry/memory'
import { beforeAll, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../demo/disk-images.ts'
import { serveFiles } from '../../demo/file-server.ts'
import { openTelemetry } from '../../docs/examples/opentelemetry.ts'
import { fail, leftOf, rightOf, succeed } from '../either.ts'
import { simulatedTime } from '../simulated-time.ts'
import { warmUp } from '../warm-up.ts'

const second = 1_000
const hour = 3_600 * second

/** The SDK with its exporters in memory. */
const telemetry = () => {
  const spans = new InMemorySpanExporter()
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const meters = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: hour })],
  })
  return {
    tracer: tracers.getTracer('imageferry'),
    meter: meters.getMeter('imageferry'),
    spans: () => spans.getFinishedSpans(),
    /** What was measured under a name: attributes and values. */
    measured: async (name: string): Promise<readonly { readonly attributes: object; readonly value: unknown }[]> => {
      await meters.forceFlush()
      const scopes = metrics.getMetrics().at(-1)?.scopeMetrics ?? []
      return scopes
        .flatMap((scope) => scope.metrics)
        .filter(({ descriptor }) => descriptor.name === name)
        .flatMap(({ dataPoints }) => dataPoints.map(({ attributes, value }) => ({ attributes, value })))
    },
    stop: async () => {
      await Promise.all([tracers.shutdown(), meters.shutdown()])
    },
  }
}

const secondsOf = ([seconds, nanoseconds]: ReadableSpan['duration']): number => seconds + nanoseconds / 1e9

beforeAll(warmUp)

describe('the OpenTelemetry example', () => {
  it('draws calls, their requests and what is waited for, and counts what goes wrong', async () => {
    const time = simulatedTime(1)
    const { runtime, clock } = time
    const emulator = await startEmulator({ clock, importDuration: 100 * second })
    const files = await serveFiles(async () => qcow2Disk({ label: 'telemetry' }))
    const { tracer, meter, spans, measured, stop } = telemetry()
    const observer = openTelemetry(tracer, meter, runtime.now)
    const { token, baseUrl, faults } = emulator
    const budget = requestBudget({ requests: 20, runtime })
    const store = digitalOcean({ token, baseUrl, runtime, observer, budget })
    try {
      const url = `${files.urlOf('good.qcow2')}?sig=hush`
      const { ref } = rightOf(await time.run(store.importFromUrl({ name: 'web', url, region: 'nyc3' })(), hour))
      rightOf(await time.run(waitForAll(store, [ref], { runtime, observer })(), hour))
      faults.script({ method: 'GET', fault: { kind: 'answer', status: 503 } })
      emulator.addImage({ status: 'compacting' })
      rightOf(await time.run(store.listPage()(), hour))
      leftOf(await time.run(store.get(imageRef('digitalocean:999'))(), hour))
      await time.run(Promise.all(Array.from({ length: 21 }, () => store.listRegions()())), hour)

      const named = (name: string) => spans().filter((span) => span.name === name)
      const [listing, ...further] = named('imageferry.listPage')
      expect(further).toEqual([])
      expect(listing).toMatchObject({
        kind: SpanKind.INTERNAL,
        status: { code: SpanStatusCode.UNSET },
        attributes: { 'imageferry.store': 'digitalocean', 'imageferry.operation': 'listPage' },
        events: [
          { name: 'retry', attributes: { 'imageferry.error': 'unavailable' } },
          { name: 'drift', attributes: { 'imageferry.value': 'compacting' } },
        ],
      })
      const below = spans().filter((span) => span.parentSpanContext?.spanId === listing?.spanContext().spanId)
      expect(below).toMatchObject([
        {
          name: 'GET',
          kind: SpanKind.CLIENT,
          status: { code: SpanStatusCode.ERROR },
          attributes: { 'http.response.status_code': 503, 'error.type': '503', 'url.path': '/v2/images' },
        },
        { name: 'GET', status: { code: SpanStatusCode.UNSET }, attributes: { 'http.response.status_code': 200 } },
      ])
      expect(named('imageferry.get')).toMatchObject([
        { status: { code: SpanStatusCode.ERROR }, attributes: { 'error.type': 'not-found' } },
      ])

      const [wait, ...others] = named('imageferry.wait')
      expect(others).toEqual([])
      expect(wait).toMatchObject({
        attributes: { 'imageferry.operation.ref': ref, 'imageferry.operation.kind': 'import' },
        status: { code: SpanStatusCode.UNSET },
        events: expect.arrayContaining([expect.objectContaining({ name: 'phase' })]),
      })
      expect(wait?.parentSpanContext).toBeUndefined()
      expect(wait === undefined ? 0 : secondsOf(wait.duration)).toBeGreaterThan(60)

      const sent = emulator.requests.length
      const counted = await measured('imageferry.requests')
      expect(counted.reduce((sum, { value }) => sum + Number(value), 0)).toBe(sent)
      expect(counted).toContainEqual({
        attributes: {
          'imageferry.store': 'digitalocean',
          'imageferry.operation': 'listPage',
          'http.request.method': 'GET',
          'http.response.status_code': 503,
          'error.type': '503',
        },
        value: 1,
      })
      expect(await measured('imageferry.retries')).toMatchObject([
        { attributes: { 'error.type': 'unavailable' }, value: 1 },
      ])
      expect(await measured('imageferry.pauses')).toMatchObject([
        {
          attributes: { 'imageferry.reason': 'budget' },
          value: { count: expect.any(Number), max: expect.any(Number) },
        },
      ])
      expect(await measured('imageferry.wait.ticks')).toMatchObject([{ value: expect.any(Number) }])
      expect(await measured('imageferry.drift')).toMatchObject([
        { attributes: { 'imageferry.drift.what': 'status', 'imageferry.drift.of': 'image' }, value: 1 },
      ])
      const told = JSON.stringify(spans().map(({ name, attributes, events }) => [name, attributes, events]))
      expect(told).not.toMatch(/hush|good\.qcow2|dop_v1/)
    } finally {
      await stop()
      await emulator.close()
      await files.close()
      time.stop()
    }
  })

  it('ends what it has begun where a wait is given up', async () => {
    const time = simulatedTime(1)
    const { tracer, meter, spans, stop } = telemetry()
    const { runtime } = time
    const observer = openTelemetry(tracer, meter, runtime.now)
    const store = memory({ runtime, importDurationMs: hour })
    const { ref } = await succeed(store.importFromUrl({ name: 'a', url: 'http://a/b', region: 'here' }))
    const controller = new AbortController()
    const wait = waitForAll(store, [ref], { runtime, observer, signal: controller.signal })()
    await time.run(runtime.sleep(60 * second), hour)
    controller.abort()
    expect(leftOf(await time.run(wait, hour)).kind).toBe('canceled')
    const ended = [...spans()]
    await stop()
    time.stop()
    expect(ended).toMatchObject([
      { name: 'imageferry.wait', status: { code: SpanStatusCode.ERROR }, attributes: { 'error.type': 'canceled' } },
    ])
  })

  it('draws the calls of a store that takes no observer, by `observed`', async () => {
    const { tracer, meter, spans, stop } = telemetry()
    const store = observed(memory(), openTelemetry(tracer, meter))
    await succeed(store.listRegions())
    await fail(store.get(imageRef('memory:404')))
    const ended = [...spans()]
    await stop()
    expect(ended).toMatchObject([
      {
        name: 'imageferry.listRegions',
        attributes: { 'imageferry.store': 'memory' },
        status: { code: SpanStatusCode.UNSET },
      },
      { name: 'imageferry.get', attributes: { 'error.type': 'not-found' }, status: { code: SpanStatusCode.ERROR } },
    ])
  })
})
