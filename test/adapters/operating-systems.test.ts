import { describe, expect, it } from 'vitest'
import { toImage } from '../../adapters/digitalocean/image.ts'
import { hasSharedMaterial, needsSharedMaterial, readShared } from '../shared-material.ts'

/**
 * What is read of every distribution image that DigitalOcean has been seen to list (2023-12 and 2026-08):
 * distribution, name and slug as they are sent; distribution, version and architecture as they are read.
 */
const expectations = [
  ['CentOS', '7 x64', 'centos-7-x64', 'centos', '7', 'x86_64'],
  ['Debian', '10 x64', 'debian-10-x64', 'debian', '10', 'x86_64'],
  ['Ubuntu', '20.04 (LTS) x64', 'ubuntu-20-04-x64', 'ubuntu', '20.04', 'x86_64'],
  ['AlmaLinux', 'AlmaLinux 8', 'almalinux-8-x64', 'almalinux', '8', 'x86_64'],
  ['Ubuntu', '22.04 (LTS) x64', 'ubuntu-22-04-x64', 'ubuntu', '22.04', 'x86_64'],
  ['Fedora', '38 x64', 'fedora-38-x64', 'fedora', '38', 'x86_64'],
  ['CentOS', '9 Stream x64', 'centos-stream-9-x64', 'centos-stream', '9', 'x86_64'],
  ['Debian', '12 x64', 'debian-12-x64', 'debian', '12', 'x86_64'],
  ['Rocky Linux', '9 x64', 'rockylinux-9-x64', 'rocky', '9', 'x86_64'],
  ['Debian', '11 x64', 'debian-11-x64', 'debian', '11', 'x86_64'],
  ['CentOS', '8 Stream x64', 'centos-stream-8-x64', 'centos-stream', '8', 'x86_64'],
  ['Ubuntu', '23.04 x64', 'ubuntu-23-04-x64', 'ubuntu', '23.04', 'x86_64'],
  ['Ubuntu', '23.10 x64', 'ubuntu-23-10-x64', 'ubuntu', '23.10', 'x86_64'],
  ['AlmaLinux', 'AlmaLinux 9', 'almalinux-9-x64', 'almalinux', '9', 'x86_64'],
  ['Rocky Linux', '8 x64', 'rockylinux-8-x64', 'rocky', '8', 'x86_64'],
  ['Fedora', '39 x64', 'fedora-39-x64', 'fedora', '39', 'x86_64'],
  ['AlmaLinux', 'AlmaLinux 10', 'almalinux-10-x64', 'almalinux', '10', 'x86_64'],
  ['CentOS', '10 Stream x64', 'centos-stream-10-x64', 'centos-stream', '10', 'x86_64'],
  ['Debian', '13 x64', 'debian-13-x64', 'debian', '13', 'x86_64'],
  ['Fedora', '43 x64', 'fedora-43-x64', 'fedora', '43', 'x86_64'],
  ['Fedora', '44 x64', 'fedora-44-x64', 'fedora', '44', 'x86_64'],
  ['Ubuntu', 'AMD AI/ML Ready Image', 'gpu-amd-base', 'ubuntu', undefined, undefined],
  ['Ubuntu', 'NVIDIA AI/ML Ready Image', 'gpu-h100x1-base', 'ubuntu', undefined, undefined],
  ['Ubuntu', 'NVIDIA AI/ML Ready with NVLink', 'gpu-h100x8-base', 'ubuntu', undefined, undefined],
  ['Rocky Linux', '10 x64', 'rockylinux-10-x64', 'rocky', '10', 'x86_64'],
  ['Ubuntu', '24.04 (LTS) x64', 'ubuntu-24-04-x64', 'ubuntu', '24.04', 'x86_64'],
  ['Ubuntu', '26.04 (LTS) x64', 'ubuntu-26-04-x64', 'ubuntu', '26.04', 'x86_64'],
] as const

const read = (wire: { distribution?: string; name?: string; slug?: string }, isPublic = true) => {
  const { os, architecture } = toImage('digitalocean', { id: 1, public: isPublic, ...wire })
  return { os, architecture }
}

describe('the operating system of a public image', () => {
  it.each(expectations)('%s, %s (%s) is %s %s', (distribution, name, slug, expected, version, architecture) => {
    expect(read({ distribution, name, slug })).toEqual({
      os: { family: 'linux', distribution: expected, version },
      architecture,
    })
  })

  it.each([
    // An application's name holds the application's version, and no version of Ubuntu.
    [
      'Ubuntu',
      '3CX 20.0.9.995 on Debian 12 (Bookworm)',
      '3cxcommunication-3cx',
      { family: 'linux', distribution: 'ubuntu' },
    ],
    ['Ubuntu', 'WordPress 6.4', 'wordpress-20-04', { family: 'linux', distribution: 'ubuntu' }],
    ['FreeBSD', '13.2 x64', 'freebsd-13-2-x64', { family: 'bsd', distribution: 'freebsd', version: '13.2' }],
    ['Unknown OS', 'x', undefined, undefined],
    ['Unknown', 'x', undefined, undefined],
    ['Nixos', 'x', undefined, { distribution: 'nixos' }],
    [undefined, 'x', undefined, undefined],
  ])('%s, %s is read as far as it is said', (distribution, name, slug, os) => {
    const wire = { name, ...(distribution && { distribution }), ...(slug && { slug }) }
    expect(read(wire).os).toEqual(os)
  })
})

describe('the operating system of a private image', () => {
  it('is its distribution alone: the name is its owner’s and says nothing', () => {
    expect(read({ distribution: 'Ubuntu', name: '22.04 (LTS) x64' }, false)).toEqual({
      os: { family: 'linux', distribution: 'ubuntu' },
      architecture: undefined,
    })
  })
})

describe.runIf(needsSharedMaterial)('the lists that were captured', () => {
  it.each(['real.distribution-images.2023-12.columns.json', 'real.distribution-images.2026-08-21.slugs.json'])(
    'hold nothing that the table lacks: %s',
    (file) => {
      expect(hasSharedMaterial).toBe(true)
      const { images } = readShared(`examples/digitalocean/${file}`) as {
        readonly images: readonly { readonly distribution: string; readonly name: string; readonly slug: string }[]
      }
      const known = new Set(
        expectations.map(([distribution, name, slug]) => JSON.stringify([distribution, name, slug])),
      )
      expect(images.length).toBeGreaterThan(10)
      for (const { distribution, name, slug } of images)
        expect(known).toContain(JSON.stringify([distribution, name, slug]))
    },
  )

  it('of applications are given no version of a distribution', () => {
    const { images } = readShared('examples/digitalocean/real.application-images.2026-08-21.slugs.json') as {
      readonly images: readonly { readonly slug: string; readonly name: string }[]
    }
    expect(images.length).toBeGreaterThan(300)
    for (const { name, slug } of images)
      expect(read({ distribution: 'Ubuntu', name, slug }).os, name).toEqual({ family: 'linux', distribution: 'ubuntu' })
  })
})
