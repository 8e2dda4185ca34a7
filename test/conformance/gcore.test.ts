import { conformance } from 'imageferry/conformance'
import { gcore } from 'imageferry/gcore'
import { startEmulator } from 'imageferry/gcore/emulator'
import { describe, it } from 'vitest'
import { qcow2Disk } from '../../demo/disk-images.ts'
import { serveFiles } from '../../demo/file-server.ts'
import { manualClock } from '../../src/emulator/clock.ts'
import { virtualRuntime } from '../virtual-runtime.ts'

const disk = qcow2Disk({ label: 'conformance' })
const regions = [76, 148, 172]

// Of what a task tells of its request nothing is published. Where it is nothing, a repeated call may be refused: see keys.test.ts.
for (const taskData of ['full', 'name-and-url'] as const)
  conformance(
    { describe, it },
    {
      name: `gcore, over HTTP against its emulator, whose tasks tell ${taskData}`,
      capabilities: gcore({ apiKey: 'none', project: 1 }).capabilities,
      start: async () => {
        const clock = manualClock()
        const emulator = await startEmulator({ clock, taskData })
        const files = await serveFiles(async (name) => (name === 'good.qcow2' ? disk : undefined))
        const runtime = virtualRuntime(clock)
        const open = () =>
          gcore({ apiKey: emulator.apiKey, project: emulator.project, baseUrl: emulator.baseUrl, regions, runtime })
        return {
          store: open(),
          reopen: open,
          requestCount: () => emulator.requests.length,
          runtime,
          // A region that has servers of every sort.
          importable: { url: files.urlOf('good.qcow2'), region: '148' },
          brokenUrl: files.urlOf('missing.qcow2'),
          unknownRegion: '999999',
          // Luxembourg: in use, and without a quota for images.
          fullRegion: '6',
          unknownImage: `gcore:${emulator.project}/76/00000000-0000-4000-8000-000000000000`,
          unknownOperation: `gcore:${emulator.project}/76/task/00000000-0000-4000-8000-000000000000`,
          populate: async (count, prefix) => {
            for (let index = 0; index < count; index++)
              emulator.addImage({ name: `${prefix}-${index}`, region_id: regions[index % regions.length] ?? 76 })
          },
          addVolume: async () => ({
            id: emulator.addVolume(),
            region: '76',
            unknownId: '00000000-0000-4000-8000-000000000000',
          }),
          stop: async () => {
            await emulator.close()
            await files.close()
            if (emulator.failures.length > 0) throw emulator.failures[0]
          },
        }
      },
    },
  )
