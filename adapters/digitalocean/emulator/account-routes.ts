import type { ApiRoute } from './api-route.ts'
import type { Settings } from './settings.ts'

/** The team of the token. The UUID is made up, in the form of the specification's example. [O:account/models/account.yml] */
export const ownTeam = { uuid: '0fe11a7e0123456789abcdef0123456789abcdef', name: 'My Team' } as const

/**
 * Who asks. The limit of Droplets wants the scope `droplet:read` too, and that of addresses `reserved_ip:read`, which nothing else here
 * wants; the specification says so and calls both required: a token without the scope is answered without the field, which is unconfirmed.
 * [O:account/models/account.yml]
 */
export const accountRoutes = ({ scopes }: Pick<Settings, 'scopes'>): readonly ApiRoute[] => [
  {
    method: 'GET',
    path: '/v2/account',
    scopes: ['account:read'],
    handler: () => ({
      status: 200,
      body: {
        account: {
          ...(scopes.includes('droplet:read') && { droplet_limit: 25 }),
          floating_ip_limit: 5,
          email: 'emulator@example.com',
          name: 'Emulator',
          uuid: '0ff1ce000123456789abcdef0123456789abcdef',
          email_verified: true,
          status: 'active',
          status_message: ' ',
          team: ownTeam,
        },
      },
    }),
  },
]
