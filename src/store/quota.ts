/** A limit and how much of it is used. */
export interface Allowance {
  readonly limit: number
  readonly used: number
}

/** What an account may have in a region. An allowance that the provider does not state is absent. */
export interface Quota {
  /** In images. */
  readonly images?: Allowance | undefined
  /** In bytes. */
  readonly bytes?: Allowance | undefined
}
