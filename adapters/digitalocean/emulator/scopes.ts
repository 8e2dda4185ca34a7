/** The token scopes that the emulated routes ask for. [O:account/*.yml, images/*.yml, tags/*.yml, regions/*.yml, actions/*.yml, snapshots/*.yml, droplets/*.yml security] */
export type DigitalOceanScope =
  | 'account:read'
  | 'image:read'
  | 'image:create'
  | 'image:update'
  | 'image:delete'
  | 'tag:create'
  | 'tag:read'
  | 'tag:delete'
  | 'regions:read'
  | 'sizes:read'
  | 'actions:read'
  | 'droplet:read'
  | 'droplet:update'
  | 'snapshot:read'
  | 'snapshot:delete'

/** What a token with full access may do. */
export const allScopes: readonly DigitalOceanScope[] = [
  'account:read',
  'image:read',
  'image:create',
  'image:update',
  'image:delete',
  'tag:create',
  'tag:read',
  'tag:delete',
  'regions:read',
  'sizes:read',
  'actions:read',
  'droplet:read',
  'droplet:update',
  'snapshot:read',
  'snapshot:delete',
]
