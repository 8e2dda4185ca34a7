import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Socket } from 'node:net'

/** What passes between the sockets of this process. */
export interface LoopbackTraffic {
  /**
   * Whether something is on its way: a connection that the other end has not taken yet, bytes that it has not read, an end that it
   * has not noticed. Where nothing is, nothing comes of itself any more.
   */
  readonly isMoving: () => boolean
  /** How many connections are open; of each both ends count as one. */
  readonly open: () => number
  /** Watches no more. */
  readonly stop: () => void
}

const channels = { client: 'net.client.socket', server: 'net.server.socket' } as const

const socketOf = (message: unknown): Socket | undefined => {
  const socket: unknown = typeof message === 'object' && message !== null && 'socket' in message && message.socket
  return socket instanceof Socket ? socket : undefined
}

/** Whether everything that each end of a connection has written was read by the other, and both are open or both are not. */
const isAtRest = (client: Socket, server: Socket): boolean =>
  client.destroyed || server.destroyed
    ? client.destroyed && server.destroyed
    : client.bytesWritten === server.bytesRead && server.bytesWritten === client.bytesRead

/**
 * Watches all TCP connections of this process that are made from now on. Both ends of each have to be in this process: it asks what
 * one has written and the other has read, which no delay of the machine can make untrue.
 */
export const watchLoopback = (): LoopbackTraffic => {
  /** By the port of the client's end, which is known as soon as it is connected. */
  const clients = new Map<number, Socket>()
  const connecting = new Set<Socket>()
  const servers = new Map<number, Socket>()

  const onClient = (message: unknown): void => {
    const socket = socketOf(message)
    if (socket === undefined) return
    connecting.add(socket)
    socket.once('close', () => connecting.delete(socket))
    socket.once('connect', () => {
      connecting.delete(socket)
      if (socket.localPort !== undefined) clients.set(socket.localPort, socket)
    })
  }
  const onServer = (message: unknown): void => {
    const socket = socketOf(message)
    if (socket?.remotePort !== undefined) servers.set(socket.remotePort, socket)
  }
  // A channel that nobody holds may be collected, with those who listen to it.
  const held = [channel(channels.client), channel(channels.server)]
  subscribe(channels.client, onClient)
  subscribe(channels.server, onServer)

  /** Forgets the connections that both ends have let go, and those that one end never knew of. */
  const forgetClosed = (): void => {
    for (const [port, client] of clients)
      if (client.destroyed && servers.get(port)?.destroyed !== false) {
        clients.delete(port)
        servers.delete(port)
      }
    for (const [port, server] of servers) if (server.destroyed && !clients.has(port)) servers.delete(port)
  }

  return {
    isMoving: () => {
      forgetClosed()
      if (connecting.size > 0 || clients.size !== servers.size) return true
      for (const [port, client] of clients) {
        const server = servers.get(port)
        if (server === undefined || !isAtRest(client, server)) return true
      }
      return false
    },
    open: () => {
      forgetClosed()
      return new Set([...clients.keys(), ...servers.keys()]).size + connecting.size
    },
    stop: () => {
      unsubscribe(channels.client, onClient)
      unsubscribe(channels.server, onServer)
      held.length = 0
    },
  }
}
