import { applicationNames } from './application-names.ts'
import { regions } from './regions.ts'
import type { StoredImage } from './stored-image.ts'

/** id, slug, distribution, name, minimum disk in GiB, size in GiB. */
type Row = readonly [number, string, string, string, number, number]

/**
 * The distribution images recorded live on 2026-08-21: slugs, distributions and names are real, and so are the minimum disks
 * as far as they were seen in 2023-12; ids and sizes are made up. [EX:real.distribution-images]
 */
const distributions: readonly Row[] = [
  [212004117, 'almalinux-10-x64', 'AlmaLinux', 'AlmaLinux 10', 10, 2.12],
  [212736407, 'almalinux-8-x64', 'AlmaLinux', 'AlmaLinux 8', 10, 2.19],
  [213470651, 'almalinux-9-x64', 'AlmaLinux', 'AlmaLinux 9', 10, 2.26],
  [214201838, 'centos-stream-10-x64', 'CentOS', '10 Stream x64', 10, 1.98],
  [214929968, 'centos-stream-9-x64', 'CentOS', '9 Stream x64', 10, 2.05],
  [215665063, 'debian-13-x64', 'Debian', '13 x64', 7, 1.35],
  [216392090, 'fedora-43-x64', 'Fedora', '43 x64', 15, 1.64],
  [217126082, 'fedora-44-x64', 'Fedora', '44 x64', 15, 1.71],
  [217857017, 'gpu-amd-base', 'Ubuntu', 'AMD AI/ML Ready Image', 100, 18.42],
  [218589906, 'gpu-h100x1-base', 'Ubuntu', 'NVIDIA AI/ML Ready Image', 100, 18.42],
  [219319738, 'gpu-h100x8-base', 'Ubuntu', 'NVIDIA AI/ML Ready with NVLink', 100, 18.42],
  [220051524, 'rockylinux-10-x64', 'Rocky Linux', '10 x64', 10, 2.01],
  [220780253, 'rockylinux-8-x64', 'Rocky Linux', '8 x64', 10, 1.87],
  [221515947, 'rockylinux-9-x64', 'Rocky Linux', '9 x64', 10, 1.94],
  [222243573, 'ubuntu-22-04-x64', 'Ubuntu', '22.04 (LTS) x64', 7, 2.5],
  [222978164, 'ubuntu-24-04-x64', 'Ubuntu', '24.04 (LTS) x64', 7, 2.36],
  [223709698, 'ubuntu-26-04-x64', 'Ubuntu', '26.04 (LTS) x64', 7, 2.43],
]

/** What an application's name tells of its distribution, after the last `on` as a rule; what is not told is taken for Ubuntu, as most are. */
const distributionWords: readonly (readonly [word: RegExp, distribution: string])[] = [
  [/^(.*\bon )?alma ?linux/i, 'AlmaLinux'],
  [/^(.*\bon )?centos/i, 'CentOS'],
  [/^(.*\bon )?cloudlinux/i, 'Unknown'],
  [/^(.*\bon )?debian/i, 'Debian'],
  [/^(.*\bon )?rocky/i, 'Rocky Linux'],
]

const distributionOf = (name: string): string => distributionWords.find(([word]) => word.test(name))?.[1] ?? 'Ubuntu'

/** The 399 applications of the same day: slugs and names are real, all else is made up. [EX:real.application-images] */
const applications: readonly Row[] = applicationNames.map(({ slug, name }, index) => [
  // Nine digits, with gaps, and below those of the distributions.
  190_000_000 + index * 51_733 + ((index * 7919) % 997),
  slug,
  distributionOf(name),
  name,
  [25, 50, 60][index % 3] ?? 25,
  Math.round(250 + ((index * 137) % 600)) / 100,
])

/** Of all of them: where the one is, the others are. */
const everywhere: readonly string[] = regions.map(({ slug }) => slug)

const publicImages = (
  rows: readonly Row[],
  kind: Pick<StoredImage, 'type' | 'catalogue' | 'created_at'>,
): readonly StoredImage[] =>
  rows.map(([id, slug, distribution, name, min_disk_size, size_gigabytes]) => ({
    id,
    name,
    distribution,
    slug,
    public: true,
    regions: everywhere,
    min_disk_size,
    size_gigabytes,
    description: `${distribution} ${name}`,
    tags: [],
    status: 'available',
    error_message: '',
    ...kind,
  }))

/** The public images. Applications say `snapshot`, as snapshots do. [EX:spec.images.list.application; facts 2] */
export const catalogue: readonly StoredImage[] = [
  ...publicImages(distributions, { type: 'base', catalogue: 'distribution', created_at: '2026-07-14T15:02:11Z' }),
  ...publicImages(applications, { type: 'snapshot', catalogue: 'application', created_at: '2026-05-28T09:40:37Z' }),
]
