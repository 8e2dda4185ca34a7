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

/** Some of the 399 applications of the same day, in the same manner. [EX:real.application-images] */
const applications: readonly Row[] = [
  [198310044, 'aapanel', 'Ubuntu', 'aaPanel 8.0.3 on Ubuntu 24.04', 25, 2.9],
  [198712776, 'airflow', 'Ubuntu', 'Airflow 3.1.8 on Ubuntu 24.04', 25, 3.27],
  [199116734, 'amd-rocm71software', 'Ubuntu', 'ROCm™ 7.1 Software 7.1 on Ubuntu 24.04', 50, 4.38],
  [199517819, 'appsmith-18-04', 'Ubuntu', 'Appsmith 1.85 on Ubuntu 24.04', 60, 6.23],
  [199920130, 'dockeragent', 'Ubuntu', 'Docker Agent 1.120.0 on Ubuntu 24.04', 25, 3.51],
  [200323667, 'easypanel', 'Ubuntu', 'Easypanel 1.16.0 on Ubuntu 22.04', 25, 6.84],
  [200724331, 'eummena-moodle-10', 'Debian', 'moodle 4.3.2 on Debian 12', 50, 5.6],
  [201126221, 'ghost-20-04', 'Ubuntu', 'Ghost on Ubuntu 24.04', 60, 5.1],
  [201529337, 'grafana-18-04', 'Ubuntu', 'Grafana 11.2 on Ubuntu 24.04', 25, 5.34],
  [201929580, 'infosoftbdsoluti-nextgenswitch', 'AlmaLinux', 'NextGenSwitch 1.0 on AlmaLinux 9.x', 25, 6.32],
  [202335148, 'jellyfin', 'Ubuntu', 'Jellyfin 10.11.11 on 24.04', 50, 8.04],
  [202733744, 'laravelforge', 'Ubuntu', 'Laravel Forge 0.1.0 on Ubuntu 24.04', 60, 5.19],
  [
    203137665,
    'litespeedtechnol-openlitespeednod-20-04',
    'Ubuntu',
    'OpenLiteSpeed NodeJS 26.1.0 on Ubuntu 24.04',
    25,
    3.08,
  ],
  [203538713, 'mariadb', 'Ubuntu', 'MariaDB 10.11.14 on Ubuntu 24.04', 25, 7.02],
  [203940987, 'nextcloudgmbh-nextcloud', 'Ubuntu', 'Nextcloud 6.0.0 on Ubuntu 24.04 (LTS)', 50, 6.39],
  [204344487, 'perforce-perforcehelixcor', 'Rocky Linux', 'Perforce Helix Core 2025.1 on Rocky 9.5', 60, 6.5],
  [204745114, 'plesk-pleskcentos-7-9', 'AlmaLinux', 'Plesk (CentOS) 18.0.60 on AlmaLinux 9', 25, 7.35],
  [205146967, 'rabbitmq', 'Ubuntu', 'RabbitMQ 4.1.3 on Ubuntu 22.04', 25, 3.63],
  [205550046, 'rubyonrails-20-04', 'Ubuntu', 'Ruby on Rails 8.1.1 on Ubuntu 24.04', 50, 5.96],
  [205954351, 'saltcorn-20-04', 'Debian', 'Saltcorn 1.6.0 on Debian 13', 60, 3.72],
  [206355783, 'seatablegmbh-seatable', 'Debian', 'SeaTable 5.0.8 on Debian 11', 25, 7.53],
  [206758441, 'sharklabs-apachekafka', 'Ubuntu', 'Apache Kafka 3.1.0 on Ubuntu 24.04', 25, 6.77],
  [207158226, 'supabase', 'Ubuntu', 'Supabase 1.26.05 on Ubuntu 24.04', 50, 6.75],
  [207559237, 'varnishsoftware-varnishcache-18-04', 'Ubuntu', 'Varnish Cache 6.0.13 on Ubuntu 20.04', 60, 7.47],
  [207961474, 'wikijs-18-04', 'Ubuntu', 'Wiki.js 2.5.314 on Ubuntu 24.04 (LTS)', 25, 3.62],
  [208364937, 'zeslecp-7', 'CentOS', 'ZesleCP 3.1.20 on CentOS 7.x', 25, 5.82],
]

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
    regions: regions.map((region) => region.slug),
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
