import type { CaptureRequest } from './capture-request.ts'

/** A capture that has not ended. Its task tells the rest; `size` is the volume's, in bytes. */
export interface StoredCapture extends Pick<CaptureRequest, 'image' | 'tags'> {
  readonly task: string
  readonly size: number
}
