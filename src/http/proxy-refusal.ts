/** The code of an error by which a proxy has refused a tunnel, before its HTTP status. */
export const proxyRefusal = 'EPROXY'
