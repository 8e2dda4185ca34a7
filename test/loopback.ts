import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ImageStore, type Runtime, systemRuntime } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { gcore } from 'imageferry/gcore'

/** Servers of one test file on this machine: those that are there are closed by `closeAll`. */
export const loopback = () => {
  const servers: Server[] = []
  return {
    /** Listens, and gives the base URL. */
    listen: async (listener: RequestListener): Promise<string> => {
      const server = createServer(listener)
      servers.push(server)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      return `http://127.0.0.1:${port}`
    },
    closeAll: (): void => {
      for (const server of servers.splice(0)) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}

const slept = { milliseconds: 0 }

/** Delays take no time, and the clock goes on by them; time-outs of I/O are real. */
export const impatient: Runtime = {
  ...systemRuntime,
  now: () => Date.now() + slept.milliseconds,
  sleep: async (milliseconds, signal) => {
    signal?.throwIfAborted()
    slept.milliseconds += milliseconds
  },
}

/** A provider as tests over HTTP see it. */
export interface Provider {
  readonly name: string
  readonly region: string
  readonly image: string
  readonly storeAt: (baseUrl: string, secret: string, runtime?: Runtime) => ImageStore
}

/** The adapters over HTTP, without a limit of their own to the requests they send. */
export const providers: readonly Provider[] = [
  {
    name: 'digitalocean',
    region: 'nyc3',
    image: 'digitalocean:7',
    storeAt: (baseUrl, token, runtime = impatient) => digitalOcean({ token, baseUrl, runtime, budget: 'unlimited' }),
  },
  {
    name: 'gcore',
    region: '76',
    image: 'gcore:1337/76/uuid',
    storeAt: (baseUrl, apiKey, runtime = impatient) =>
      gcore({ apiKey, project: 1337, regions: [76], baseUrl, runtime, budget: 'unlimited' }),
  },
]
