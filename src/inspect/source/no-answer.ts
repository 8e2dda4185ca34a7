import { withoutSecrets } from '../../store/source-url.ts'
import { codeOf, InspectError } from '../inspect-error.ts'

/** What goes wrong where the certificate of the other side is not trusted. Source: node:tls, X509 certificate error codes. */
const untrusted = /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE/

/** The error of a request that got no answer, of which only the code is told: node's own words quote addresses. */
export const noAnswer = (
  { method, url }: { readonly method: string; readonly url: URL },
  error: unknown,
): InspectError => {
  const code = codeOf(error)
  return new InspectError('unreachable', `${method} ${withoutSecrets(url.href)} got no answer (${code})`, {
    hint: untrusted.test(code)
      ? 'Serve the file with a certificate that everybody trusts: a provider would not trust this one either'
      : 'Check that the server runs and can be reached from everywhere',
  })
}
