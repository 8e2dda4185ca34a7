import { describe, expect, it } from 'vitest'
import { shownFeatures } from '../../src/inspect/shown-features.ts'

describe('the names of other files in a container', () => {
  it.each([
    ['json:{"driver":"ssh","password":"secret"}', 'json:…'],
    ['ssh:user:secret@host/disk.raw', 'ssh:…'],
    ['rbd:pool/image:id=admin:key=secret==', 'rbd:…'],
    ['https://user:secret@images.example.com/base.qcow2?sig=secret', 'https://images.example.com/base.qcow2'],
    ['nbd://user:secret@host:10809/export', 'nbd://host:10809/export'],
  ])('show no secret of %s', (name, shown) => {
    expect(shownFeatures({ backingFile: name, dataFile: name, furtherFiles: [name] })).toEqual({
      backingFile: shown,
      dataFile: shown,
      furtherFiles: [shown],
    })
  })

  it.each(['base.qcow2', '../images/base image.qcow2', 'C:\\images\\base.vhd', 'odd@name?.raw'])(
    'are shown as they are where they are paths: %s',
    (name) => {
      expect(shownFeatures({ backingFile: name }).backingFile).toBe(name)
    },
  )
})
