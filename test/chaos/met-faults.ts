import type { Cloud } from './cloud.ts'

/** Whether a request went wrong between two moments in virtual ms since the epoch, which may be what calls of that time failed by. */
export const metFault = ({ requests }: Cloud, fromMs: number, toMs: number): boolean =>
  requests.some(({ at, fault }) => fault !== undefined && at >= fromMs && at <= toMs)
