import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { ImageStoreError } from '../model/error.ts'

/** What an agent is told of a request, beside what node tells it. */
export interface Departure extends RequestOptions {
  /** Ends with the request: a connection that is made for it alone is made no further. */
  readonly wantedUntil?: AbortSignal | undefined
}

/** The event with which a connection stands; absent where it stands already, or where it is of a kind that does not tell. */
const standsWith = (socket: Socket, isSecure: boolean): 'connect' | 'secureConnect' | undefined => {
  if (!isSecure) return socket.connecting ? 'connect' : undefined
  return socket instanceof TLSSocket && Reflect.get(socket, 'secureConnecting') === true ? 'secureConnect' : undefined
}

/** Calls back as the first byte of a request is about to leave, at the latest with its answer; perhaps more than once. */
const onDeparture = (request: ClientRequest, isSecure: boolean, departs: () => void): void => {
  request.once('socket', (socket) => {
    const event = standsWith(socket, isSecure)
    if (event === undefined) departs()
    else socket.once(event, departs)
  })
  request.once('response', departs)
}

/** Requests as node makes them, for axios to make. */
export interface WatchedTransport {
  readonly request: (options: RequestOptions, onAnswer: (answer: IncomingMessage) => void) => ClientRequest
}

/**
 * Makes requests and calls back, at least once, as one is about to leave: its connection stands, with TLS where it has one, and until
 * then nothing was sent. Throws `invalid-argument` where node makes no request of what it is given.
 */
export const watchedTransport = (wantedUntil: AbortSignal, departs: () => void): WatchedTransport => ({
  request: (options, onAnswer) => {
    const told: Departure = { ...options, wantedUntil }
    const isSecure = options.protocol === 'https:'
    try {
      // By the modules' present members: whoever records or replays requests has put others there.
      const request = (isSecure ? https : http).request(told, onAnswer)
      onDeparture(request, isSecure, departs)
      return request
    } catch (error) {
      const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
      throw new ImageStoreError(
        'invalid-argument',
        `No request can be made (${typeof code === 'string' ? code : 'no code'})`,
        { hint: 'Check the base URL, the credentials, and the option connection.agent', notSent: true },
      )
    }
  },
})
