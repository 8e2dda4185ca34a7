import type { VirtualClock } from '../../../src/emulator/clock.ts'
import type { GivenSettings } from './settings.ts'
import type { DigitalOceanDropletSeed } from './stored-droplet.ts'
import type { DigitalOceanImageSeed } from './stored-image.ts'
import type { DigitalOceanVolumeSnapshotSeed } from './volume-snapshot.ts'

/** How an emulator is started: its switches, its measures, and what it begins with. Everything has a default. */
export interface DigitalOceanEmulatorOptions extends GivenSettings {
  /** The port on 127.0.0.1; 0, the default, takes any that is free. */
  readonly port?: number
  /** The clock to live by, which stays the caller's: closing the emulator does not stop it. */
  readonly clock?: VirtualClock
  /** Without a `clock`: how many virtual seconds pass in a real one. 60 by default; 0 is a clock that only `advance` moves. */
  readonly timeScale?: number
  /** For ids, of images, actions and requests. The same seed and the same requests give the same ids. 1 by default. */
  readonly seed?: number
  /** Droplets to begin with; none by default. */
  readonly droplets?: readonly DigitalOceanDropletSeed[]
  /** Snapshots of volumes to begin with; none by default. */
  readonly volumeSnapshots?: readonly DigitalOceanVolumeSnapshotSeed[]
  /** Images to begin with, beside the public catalogue. */
  readonly images?: readonly DigitalOceanImageSeed[]
}
