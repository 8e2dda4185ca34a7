/** A field of a body, left out where there is nothing to say. */
export const optional = <Key extends string, A>(key: Key, value: A | undefined): { readonly [K in Key]?: A } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]: A })
