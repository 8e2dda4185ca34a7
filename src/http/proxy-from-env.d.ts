declare module 'proxy-from-env' {
  /** The URL of the proxy that the environment names for a URL; empty where there is none. */
  export const getProxyForUrl: (url: string) => string
}
