import {
  type Attributes,
  context,
  type Meter,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { StoreEvent, StoreObserver } from 'imageferry'

/** What all spans and metrics of an event have. Few values each: ids stay in spans. */
const ofStore = ({ store, operation }: StoreEvent): Attributes => ({
  'imageferry.store': store,
  'imageferry.operation': operation,
})

/** What an answer was, in the words of the semantic conventions for HTTP. The server's address is not told. */
const ofAnswer = ({ method, status }: Extract<StoreEvent, { type: 'response' }>): Attributes => ({
  'http.request.method': method,
  ...(status === undefined ? { 'error.type': 'no-answer' } : { 'http.response.status_code': status }),
  ...(status !== undefined && status >= 400 ? { 'error.type': String(status) } : {}),
})

/** Counts requests, retries, pauses, looks of waits, and what of a provider's answers is not known. */
const metrics = (meter: Meter): StoreObserver => {
  const requests = meter.createCounter('imageferry.requests', {
    unit: '{request}',
    description: 'Requests, by their answer',
  })
  const retries = meter.createCounter('imageferry.retries', {
    unit: '{retry}',
    description: 'Requests that are sent again',
  })
  const pauses = meter.createHistogram('imageferry.pauses', {
    unit: 's',
    description: 'How long requests wait for their turn',
  })
  const ticks = meter.createCounter('imageferry.wait.ticks', {
    unit: '{look}',
    description: 'Looks at what is waited for',
  })
  const drift = meter.createCounter('imageferry.drift', {
    unit: '{value}',
    description: 'What a provider sends that is not known',
  })

  return (event) => {
    const about = ofStore(event)
    if (event.type === 'response') requests.add(1, { ...about, ...ofAnswer(event) })
    if (event.type === 'retry') retries.add(1, { ...about, 'error.type': event.error })
    if (event.type === 'pause') pauses.record(event.delayMs / 1_000, { ...about, 'imageferry.reason': event.reason })
    if (event.type === 'wait-tick') ticks.add(1, about)
    if (event.type === 'drift')
      drift.add(1, { ...about, 'imageferry.drift.what': event.what, 'imageferry.drift.of': event.of })
  }
}

const end = (span: Span, at: number, error: string | undefined): void => {
  if (error !== undefined)
    span.setAttribute('error.type', error).setStatus({ code: SpanStatusCode.ERROR, message: error })
  span.end(at)
}

/** What an event tells beside whose it is, as attributes of an event of a span. */
const details = ({ type, store, operation, ...more }: StoreEvent): Attributes =>
  Object.fromEntries(Object.entries(more).map(([name, value]) => [`imageferry.${name}`, value]))

/** A span for each call, with its requests below it, and one for each operation that is waited for. */
const spans = (tracer: Tracer, now: () => number): StoreObserver => {
  const calls = new Map<number, Span>()
  const waits = new Map<string, Span>()

  /** Of its own: the looks of a wait are shared by all who wait, so that no one call is above it. */
  const waitSince = (event: StoreEvent & { readonly ref: string }, sinceMs: number): Span => {
    const attributes = { ...ofStore(event), 'imageferry.operation.ref': event.ref }
    const span =
      waits.get(event.ref) ??
      tracer.startSpan('imageferry.wait', { root: true, startTime: now() - sinceMs, attributes })
    waits.set(event.ref, span)
    return span
  }

  return (event) => {
    switch (event.type) {
      case 'call-started':
        calls.set(
          event.call,
          tracer.startSpan(`imageferry.${event.operation}`, { startTime: now(), attributes: ofStore(event) }),
        )
        return
      case 'call-ended': {
        const span = calls.get(event.call)
        if (span !== undefined) end(span, now(), event.error)
        calls.delete(event.call)
        return
      }
      case 'response': {
        const parent = calls.get(event.call)
        const answer = ofAnswer(event)
        const span = tracer.startSpan(
          event.method,
          {
            kind: SpanKind.CLIENT,
            startTime: now() - event.durationMs,
            attributes: { ...ofStore(event), ...answer, 'url.path': event.path },
          },
          parent === undefined ? context.active() : trace.setSpan(context.active(), parent),
        )
        end(span, now(), answer['error.type'] === undefined ? undefined : String(answer['error.type']))
        return
      }
      case 'phase':
        waitSince(event, event.afterMs).addEvent(
          'phase',
          { 'imageferry.from': event.from, 'imageferry.to': event.to },
          now(),
        )
        return
      case 'stalled':
        waitSince(event, event.unchangedMs).addEvent('stalled', { 'imageferry.unchangedMs': event.unchangedMs }, now())
        return
      case 'wait-ended': {
        const span = waitSince(event, event.waitedMs)
        if (event.kind !== undefined) span.setAttribute('imageferry.operation.kind', event.kind)
        end(span, now(), event.error)
        waits.delete(event.ref)
        return
      }
      case 'request':
      case 'wait-tick':
        return
      default:
        calls.get(event.call)?.addEvent(event.type, details(event), now())
    }
  }
}

/**
 * Makes spans and metrics of what stores and waits tell: give it to `observer` of both. `now` is the time of spans, in milliseconds
 * since the epoch; that of the stores' `runtime` where they have one of their own.
 */
export const openTelemetry = (tracer: Tracer, meter: Meter, now: () => number = Date.now): StoreObserver => {
  const [count, draw] = [metrics(meter), spans(tracer, now)]
  return (event) => {
    count(event)
    draw(event)
  }
}
