/** A snapshot of a volume: in /v2/snapshots it stands beside those of Droplets, and is no image. [O:snapshots/models/snapshots.yml] */
export interface StoredVolumeSnapshot {
  /** A UUID, where a Droplet's snapshot has a number as text. */
  readonly id: string
  readonly name: string
  readonly region: string
  /** The volume's UUID. */
  readonly volume: string
  /** With seconds, in UTC. */
  readonly created_at: string
}

/** A snapshot of a volume to begin with: any field. */
export type DigitalOceanVolumeSnapshotSeed = Partial<StoredVolumeSnapshot>
