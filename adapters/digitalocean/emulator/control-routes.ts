import { type ControlRoute, controlPrefix } from '../../../src/emulator/control.ts'
import { removeDroplet } from './adding.ts'
import type { World } from './world.ts'

/** What is controlled here beside that which all emulators have. */
export const controlRoutes = (world: World): readonly ControlRoute[] => [
  {
    method: 'DELETE',
    path: `${controlPrefix}/droplets/:droplet`,
    what: 'takes a Droplet away, and its backups with it',
    handler: ({ params }) => {
      const id = Number(params['droplet'])
      if (!world.droplets.has(id)) return { status: 404, body: { message: `There is no Droplet ${params['droplet']}` } }
      removeDroplet(world, id)
      return { status: 204 }
    },
  },
]
