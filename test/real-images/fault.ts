/** Something that is done to a good image. It gives the path of the file to look at, which may be another one. */
export type Fault = (path: string) => Promise<string>
