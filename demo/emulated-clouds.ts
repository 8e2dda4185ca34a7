import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ImageRef, type Runtime, type StoreObserver, systemRuntime, withPromises } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { startEmulator as startDigitalOcean } from 'imageferry/digitalocean/emulator'
import { gcore } from 'imageferry/gcore'
import { startEmulator as startGcore } from 'imageferry/gcore/emulator'
import { scaledClock } from '../src/emulator/clock.ts'
import type { Clouds } from './clouds.ts'
import { qcow2Disk, rawDisk, truncated, vhdxDisk } from './disk-images.ts'
import { serveFiles } from './file-server.ts'
import type { MappingEntry } from './mapping.ts'

/** Virtual seconds in a real one: an import of five minutes takes three seconds here. */
const timeScale = 100

/** What the source account holds, and what the mapping says of it. */
const customImages = [
  {
    file: 'web.qcow2',
    make: () => qcow2Disk({ label: 'web' }),
    spec: {
      name: 'web-server',
      description: 'Front end, built nightly',
      os: { distribution: 'ubuntu' },
      tags: [{ key: 'web' }, { key: 'env', value: 'prod' }, { key: 'Owner', value: 'Web Team' }],
    },
    entry: { region: '76', architecture: 'x86_64', osVersion: '24.04' },
  },
  {
    file: 'database.raw',
    make: () => rawDisk({ label: 'database' }),
    spec: {
      name: 'db-primary',
      os: { distribution: 'debian' },
      tags: [{ key: 'db' }, { key: 'site', value: 'fra' }, { key: 'site', value: 'lux' }],
    },
    entry: { region: '76', architecture: 'x86_64', osVersion: '12' },
  },
  {
    file: 'agent.vhdx',
    make: () => vhdxDisk({ label: 'agent' }),
    spec: { name: 'build agent (nightly)', os: { distribution: 'fedora' }, tags: [{ key: 'ci' }] },
    // Its name does not fit Gcore, so the mapping gives another.
    entry: {
      name: 'build-agent-nightly',
      region: '148',
      architecture: 'x86_64',
      osVersion: '43',
      firmware: 'uefi',
    },
  },
  {
    file: 'legacy.qcow2',
    make: () => qcow2Disk({ label: 'legacy' }),
    spec: { name: 'legacy-app', os: { distribution: 'centos' }, tags: [{ key: 'legacy' }] },
    // Its file is cut off below, after DigitalOcean has imported it: Gcore's importer has to find out.
    entry: { region: '76', architecture: 'x86_64', osVersion: '7', expect: 'refused' },
  },
] as const

/**
 * Two emulated clouds, the source account filled with images that were really imported, and a mapping beside them.
 * The observer is told of what both do, the filling included.
 */
export const emulatedClouds = async (observer?: StoreObserver): Promise<Clouds> => {
  const clock = scaledClock({ scale: timeScale })
  const runtime: Runtime = {
    ...systemRuntime,
    now: clock.now,
    sleep: (milliseconds, signal) => systemRuntime.sleep(milliseconds / timeScale, signal),
  }
  const folder = await mkdtemp(join(tmpdir(), 'imageferry-demo-'))
  const files = await serveFiles((name) => readFile(join(folder, name)).catch(() => undefined))
  const [oceanEmulator, gcoreEmulator] = await Promise.all([startDigitalOcean({ clock }), startGcore({ clock })])

  const source = digitalOcean({ token: oceanEmulator.token, baseUrl: oceanEmulator.baseUrl, runtime, observer })
  const target = gcore({
    apiKey: gcoreEmulator.apiKey,
    project: gcoreEmulator.project,
    baseUrl: gcoreEmulator.baseUrl,
    runtime,
    observer,
  })

  gcoreEmulator.addImage({
    name: 'golden-image',
    region_id: 76,
    os_distro: 'rocky',
    os_version: '9',
    tags: { team: 'platform' },
  })

  const account = withPromises(source)
  const entries: MappingEntry[] = []
  for (const { file, make, spec, entry } of customImages) {
    await writeFile(join(folder, file), make())
    const url = files.urlOf(file)
    const { ref, image } = await account.importFromUrl({ ...spec, url, region: 'nyc3' })
    if (image === undefined) throw new Error(`${ref} names no image`)
    entries.push({ ...entry, image, url })
  }
  await clock.advance(10 * 60 * 1000)
  await writeFile(join(folder, 'legacy.qcow2'), truncated(await readFile(join(folder, 'legacy.qcow2')), 0.4))

  const snapshot = oceanEmulator.addImage({
    name: 'web-01-before-upgrade',
    type: 'snapshot',
    distribution: 'Ubuntu',
    regions: ['nyc3'],
    size_gigabytes: 2.34,
    min_disk_size: 25,
  })
  entries.push({ image: `digitalocean:${snapshot}` as ImageRef, region: '76', expect: 'refused' })

  const mappingPath = join(folder, 'mapping.json')
  await writeFile(mappingPath, `${JSON.stringify({ images: entries }, undefined, 2)}\n`)

  return {
    source,
    target,
    mappingPath,
    runtime,
    afterwards:
      'The emulated clouds end with this command. On real ones they go on: the same command finds them and waits for them, and moves the rest.',
    close: async () => {
      await Promise.all([oceanEmulator.close(), gcoreEmulator.close(), files.close()])
      clock.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
