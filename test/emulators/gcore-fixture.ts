import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { GcoreEmulator, GcoreEmulatorOptions } from 'imageferry/gcore/emulator'
import { startEmulator } from 'imageferry/gcore/emulator'

/** A JSON object of an answer. */
export type Body = Readonly<Record<string, unknown>>

/** An answer, with its JSON object; empty where the body is none. */
export interface Answer {
  readonly status: number
  readonly body: Body
}

/** An emulator under test with a client for it. Time stands still until a test moves it. */
export interface Fixture {
  readonly emulator: GcoreEmulator
  /** A request, authenticated unless the headers say otherwise. */
  readonly call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>
  /** A path below a collection of the emulator's project and of region 76, or of another. */
  readonly inRegion: (collection: string, rest?: string, regionId?: number) => string
}

/** Closes everything that was opened; for `afterEach`. */
export const closeAll = async (): Promise<void> => {
  await Promise.all(opened.splice(0).map((close) => close()))
}

const opened: (() => Promise<unknown>)[] = []

/** Starts an emulator on a manual clock. */
export const startFixture = async (options: GcoreEmulatorOptions = {}): Promise<Fixture> => {
  const emulator = await startEmulator({ timeScale: 0, ...options })
  opened.push(async () => {
    await emulator.close()
    if (emulator.failures.length > 0) throw new AggregateError(emulator.failures, 'The emulator has a bug')
  })
  return {
    emulator,
    call: async (method, path, body, headers) => {
      const response = await fetch(`${emulator.baseUrl}${path}`, {
        method,
        headers: { authorization: `APIKey ${emulator.apiKey}`, 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const parsed: unknown = text === '' ? {} : JSON.parse(text)
      return { status: response.status, body: parsed as Body }
    },
    inRegion: (collection, rest = '', regionId = 76) =>
      `/cloud/v1/${collection}/${emulator.project}/${regionId}${rest}`,
  }
}

/** What a source host answers to HEAD and to GET of one path. */
export interface Source {
  readonly bytes: Uint8Array
  readonly headStatus?: number
  readonly getStatus?: number
}

/** A host for disk images, on loopback. Answers its base URL. Paths that are not named answer 404. */
export const startSourceHost = async (sources: Readonly<Record<string, Source>>): Promise<string> => {
  const server = createServer((request, response) => {
    const source = sources[(request.url ?? '').slice(1)]
    if (source === undefined) {
      response.writeHead(404).end()
      return
    }
    const isHead = request.method === 'HEAD'
    const status = (isHead ? source.headStatus : source.getStatus) ?? 200
    response.writeHead(status, { 'content-length': status === 200 ? source.bytes.length : 0 })
    response.end(isHead || status !== 200 ? undefined : source.bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  opened.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The objects of a list answer. */
export const results = (answer: Answer): readonly Body[] => answer.body['results'] as readonly Body[]

/** The one task id of an accepted request. */
export const onlyTask = (answer: Answer): string => {
  const tasks = answer.body['tasks'] as readonly string[]
  if (answer.status !== 200 || tasks.length !== 1) throw new Error(`Not one task: ${JSON.stringify(answer)}`)
  return tasks.join()
}
