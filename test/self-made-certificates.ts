import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const hasOpenssl = (): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Whether certificates can be made here. */
export const openssl = hasOpenssl()

/** A certificate for a server, the key to it, and the authority that vouches for it, as PEM texts. */
export interface Certificates {
  readonly authority: string
  readonly cert: string
  readonly key: string
}

/** Makes an authority and a certificate of it for the given names, such as `DNS:api.provider.test`. */
export const certificatesFor = (names: readonly string[]): Certificates => {
  const folder = mkdtempSync(join(tmpdir(), 'imageferry-certificates-'))
  const run = (...parameters: readonly string[]) =>
    execFileSync('openssl', parameters, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  try {
    run('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=authority')
    run('req', ...newKey, '-keyout', 'key.pem', '-out', 'server.csr', '-subj', '/CN=server')
    writeFileSync(join(folder, 'names'), `subjectAltName=${names.join(',')}`)
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names']
    run('x509', '-req', '-in', 'server.csr', ...signing, '-out', 'cert.pem')
    return { authority: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
