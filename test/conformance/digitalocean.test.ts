import { conformance } from 'imageferry/conformance'
import { digitalOcean } from 'imageferry/digitalocean'
import { describe, it } from 'vitest'
import { digitalOceanSubject } from '../digitalocean-subject.ts'

conformance(
  { describe, it },
  {
    name: 'digitalocean, over HTTP against its emulator',
    capabilities: digitalOcean({ token: 'none' }).capabilities,
    start: () => digitalOceanSubject(),
  },
)
