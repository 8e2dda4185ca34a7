import type { ApiRoute } from './api-route.ts'
import { pageReply } from './paging.ts'
import { regionBody, regions } from './regions.ts'
import type { Settings } from './settings.ts'

/** What concerns regions. [O:resources/regions] */
export const regionRoutes = (settings: Settings): readonly ApiRoute[] => [
  {
    method: 'GET',
    path: '/v2/regions',
    scopes: ['regions:read'],
    handler: (request) => {
      const withSizes = settings.scopes.includes('sizes:read')
      const { shownRegions } = settings
      // The list depends on the account. [facts 13]
      const shown = regions.filter(({ slug }) => shownRegions === undefined || shownRegions.includes(slug))
      const rows = shown.map((region) => regionBody(region, withSizes))
      return pageReply(request, 'regions', rows, settings)
    },
  },
]
