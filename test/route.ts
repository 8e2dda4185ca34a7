/** The way from a store to the server that it talks to: told where that is, it tells where the store shall go. */
export type Route = (baseUrl: string) => Promise<{ readonly baseUrl: string; readonly close: () => Promise<void> }>

/** No detour. */
export const direct: Route = async (baseUrl) => ({ baseUrl, close: async () => undefined })
