import type { ApiReply } from './reply.ts'

/**
 * 400 for a name that cannot be a tag's, in a shape of its own. The published sample has every quotation mark escaped twice,
 * which is taken for a slip of publishing. [EX:spec.errors tags_bad_request]
 */
export const badTag = (name: unknown): ApiReply => {
  const shown = JSON.stringify(typeof name === 'string' ? name : JSON.stringify(name))
  const reason = `tag-name ${shown} contains invalid characters`
  const error = `Error validating resource tag: ${JSON.stringify(reason)}`
  return {
    status: 400,
    body: { error, messages: null, root_causes: [`rpc error: code = InvalidArgument desc = ${error}`] },
  }
}
