/** A Droplet as far as images are concerned. [O:resources/droplets/models/droplet.yml] */
export interface StoredDroplet {
  readonly id: number
  readonly name: string
  /** The region's slug. */
  readonly region: string
}

/** A Droplet to begin with, or to add: any field, the rest is that of a server in nyc3. */
export type DigitalOceanDropletSeed = Partial<StoredDroplet>

/** A Droplet from what is given of it. */
export const dropletFromSeed = (seed: DigitalOceanDropletSeed, id: number): StoredDroplet => ({
  id,
  name: `droplet-${id}`,
  region: 'nyc3',
  ...seed,
})
