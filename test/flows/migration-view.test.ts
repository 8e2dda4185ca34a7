import { EventEmitter } from 'node:events'
import { Writable } from 'node:stream'
import { type Image, ImageStoreError, imageRef, operationRef, regionId, type StoreEvent } from 'imageferry'
import { describe, expect, it } from 'vitest'
import { durationText } from '../../demo/duration.ts'
import { onInterrupts } from '../../demo/interrupts.ts'
import type { MigrationProgress, MovingImage } from '../../demo/moving.ts'
import { changeLines, progressLines } from '../../demo/progress-lines.ts'
import { imageTable } from '../../demo/report.ts'
import { stoppedLines } from '../../demo/stopped.ts'
import { viewOn } from '../../demo/view.ts'

const minute = 60_000

const moving = (name: string, more: Partial<MovingImage> = {}): MovingImage => ({
  image: imageRef(`digitalocean:${encodeURIComponent(name)}`),
  name,
  ref: operationRef(`gcore:1337/76/task/${encodeURIComponent(name)}`),
  phase: 'running',
  ageMs: 2 * minute,
  phaseMs: minute,
  waitsFor: 'provider',
  ...more,
})
const waiting = (name: string, more: Partial<MovingImage> = {}): MovingImage =>
  moving(name, { ref: undefined, phase: 'waiting', waitsFor: 'own-queue', ...more })
const progressOf = (images: readonly MovingImage[], more: Partial<MigrationProgress> = {}): MigrationProgress => ({
  moving: images,
  toGo: images.length,
  notLookedAt: 0,
  moved: 0,
  notMoved: 0,
  ...more,
})

const size = { columns: 120, rows: 24 }

describe('a duration in words', () => {
  it.each([
    [-5, '0 s'],
    [0, '0 s'],
    [45_400, '45 s'],
    [59_600, '1 min'],
    [12 * minute, '12 min'],
    [59.6 * minute, '1 h 0 min'],
    [65 * minute, '1 h 5 min'],
    [26 * 60 * minute, '26 h 0 min'],
  ])('%d ms are %s', (milliseconds, words) => {
    expect(durationText(milliseconds)).toBe(words)
  })
})

describe('the lines of a live view', () => {
  it('tell name, phase, age, what is left and what it waits for of each image, and the totals', () => {
    const lines = progressLines(
      progressOf(
        [
          moving('web-server', { estimateMs: 5 * minute }),
          moving('db', { phase: 'queued', waitsFor: 'provider-queue', ageMs: 20_000 }),
          moving('late', { phase: 'settling', estimateMs: minute, waitsFor: 'rate-limit' }),
          moving('hangs', { isStalled: true }),
          waiting('next', { estimateMs: 5 * minute, ageMs: 0 }),
        ],
        { toGo: 6, moved: 7, notMoved: 1 },
      ),
      size,
      0,
    )
    expect(lines).toEqual([
      '  web-server  running   2 min  about 3 min left        the provider is at it',
      "  db          accepted  20 s                           in the provider's queue",
      '  late        settling  2 min  longer than the others  for the request limit',
      '  hangs       running   2 min                          the provider is at it, and nothing has changed for long',
      '  next        waiting   0 s    takes about 5 min       for those before it',
      '6 to go, 4 of them under way; 7 moved, 1 not moved',
    ])
  })

  it('let the ages go on between two looks', () => {
    const [line] = progressLines(progressOf([moving('web', { estimateMs: 5 * minute })]), size, minute)
    expect(line).toContain('3 min  about 2 min left')
  })

  it('are cut to the width of the terminal, wide characters counted as two', () => {
    const images = [moving('web'), moving('画像'.repeat(40)), moving('x'.repeat(300))]
    const lines = progressLines(progressOf(images), { columns: 30, rows: 24 }, 0)
    expect(lines).toHaveLength(4)
    for (const line of lines)
      expect(line.length + (line.match(/\p{Script=Han}/gu) ?? []).length).toBeLessThanOrEqual(30)
    expect(lines[1]).toContain('画像')
  })

  it('are no more than the terminal holds, those under way first', () => {
    const images = [...Array.from({ length: 50 }, (_, index) => waiting(`next-${index}`)), moving('web')]
    const lines = progressLines(progressOf(images), { columns: 80, rows: 10 }, 0)
    expect(lines).toHaveLength(9)
    expect(lines[0]).toContain('web')
    expect(lines.at(-2)).toBe('  … and 44 more')
    expect(lines.at(-1)).toBe('51 to go, 1 of them under way; 0 moved, 0 not moved')
    expect(progressLines(progressOf(images), { columns: 80, rows: 1 }, 0)).toHaveLength(2)
  })
})

describe('the lines of an output that keeps them', () => {
  it('tell an image once for each change, with its operation when that is news', () => {
    const first = progressOf([moving('web', { phase: 'beginning', ref: undefined }), waiting('db')])
    const second = progressOf([moving('web', { phase: 'queued', waitsFor: 'provider-queue' }), waiting('db')])
    const third = progressOf([moving('web', { estimateMs: 5 * minute }), waiting('db')])
    const later = progressOf([moving('web', { ageMs: 4 * minute, estimateMs: 5 * minute }), waiting('db')])
    expect(changeLines(undefined, first)).toEqual(['web: beginning, the provider is at it'])
    expect(changeLines(first, second)).toEqual(["web: accepted, in the provider's queue, gcore:1337/76/task/web"])
    expect(changeLines(second, third)).toEqual(['web: running, the provider is at it, about 3 min left'])
    expect(changeLines(third, later)).toEqual([])
  })

  it('tell the totals when an image has come to its end', () => {
    const lines = changeLines(progressOf([moving('web')]), progressOf([], { moved: 1 }))
    expect(lines).toEqual(['0 to go, 0 of them under way; 1 moved, 0 not moved'])
  })

  it('tell an image that goes back to the queue, and two of one name apart', () => {
    expect(changeLines(progressOf([moving('web')]), progressOf([waiting('web')]))).toEqual([
      'web: waiting, for those before it',
    ])
    const twins = progressOf([moving('web'), moving('web', { image: imageRef('digitalocean:2'), phase: 'settling' })])
    expect(changeLines(twins, twins)).toEqual([])
  })
})

/** An output that remembers what was written, as a terminal or not. */
const outputOf = (isTTY: boolean, terminal = { columns: 80, rows: 24 }) => {
  let written = ''
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      written += chunk.toString()
      done()
    },
  })
  return { output: Object.assign(stream, { isTTY, ...terminal }), written: () => written }
}

const escapeCharacter = '\u001B'
const hostile = moving('web', { name: `web${escapeCharacter}[2J\r\u0007` })
const forging = moving('web', { name: 'web\ndb: arrived\u2028\u2029\u0085\u202Etxt.exe' })

const whose = { store: 'gcore', operation: 'importFromUrl', call: 1 } as const
const asked = { ...whose, method: 'GET', path: '/cloud/v1/tasks' }
const hindrances: readonly StoreEvent[] = [
  { type: 'call-started', ...whose },
  { type: 'retry', ...asked, error: 'unavailable', delayMs: 2_000 },
  { type: 'pause', ...asked, reason: 'rate-limited', delayMs: 45_000 },
  { type: 'pause', ...asked, reason: 'budget', delayMs: 20_000 },
  { type: 'drift', what: 'status', of: 'image', value: 'frozen', ...whose },
  { type: 'answer-lost', change: 'the import of "web"', ...whose },
  { type: 'reconciled', change: 'the import of "web"', found: true, ...whose },
  { type: 'reconciled', change: 'the import of "db"', found: false, ...whose },
]

describe('a view', () => {
  it.each<[string, boolean, NodeJS.ProcessEnv]>([
    ['an output that is no terminal', false, {}],
    ['a terminal in CI', true, { CI: 'true' }],
    ['a terminal that cannot move its cursor', true, { TERM: 'dumb' }],
  ])('writes lines without control characters to %s', (_, isTTY, environment) => {
    const { output, written } = outputOf(isTTY)
    const view = viewOn({ output, environment, now: () => 0 })
    view.show(progressOf([hostile]))
    view.say(`${escapeCharacter}[31mred`)
    view.show(progressOf([], { moved: 1 }))
    view.end()
    expect(written()).not.toMatch(/(?!\n)\p{Cc}/u)
    expect(written().split('\n')).toHaveLength(4)
  })

  it('redraws in place on a terminal, keeps what was said, and takes the progress away in the end', () => {
    const { output, written } = outputOf(true)
    const view = viewOn({ output, environment: { TERM: 'xterm' }, now: () => 0 })
    view.show(progressOf([hostile]))
    expect(written()).toContain('running  2 min')
    expect(written()).not.toContain(`${escapeCharacter}[2J`)
    const eraseLine = `${escapeCharacter}[2K`
    expect(written()).not.toContain(eraseLine)
    view.say('web: arrived')
    expect(written()).toContain(eraseLine)
    expect(written()).toContain('web: arrived\n')
    view.show(progressOf([], { moved: 1 }))
    expect(written()).toContain('1 moved')
    view.end()
    const before = written()
    view.end()
    view.say('the results')
    expect(written().slice(before.length)).toBe('the results\n')
  })
})

describe('what a view shows of a name', () => {
  it.each([
    ['a terminal', true],
    ['an output that keeps its lines', false],
  ])('is in one line and in its own order on %s', (_, isTTY) => {
    const { output, written } = outputOf(isTTY)
    const view = viewOn({ output, environment: {}, now: () => 0 })
    view.show(progressOf([forging]))
    view.say(`${forging.name}: arrived`)
    view.end()
    expect(written()).toContain('web\uFFFDdb: arrived')
    expect(written()).not.toMatch(/[\p{Zl}\p{Zp}\p{Cf}\u0085]|^db/mu)
  })

  it('is in one line of the table of images', () => {
    const { output, written } = outputOf(false)
    const ref = imageRef('gcore:1337/76/1')
    const image: Image = {
      ref,
      provider: 'gcore',
      name: 'web\n│ db',
      status: 'available',
      providerStatus: 'active',
      regions: [regionId('76')],
      tags: [{ key: 'a\nb' }],
      visibility: 'private',
      raw: {},
    }
    viewOn({ output, environment: {}, now: () => 0 }).say(...imageTable([image]))
    expect(written()).toContain('web\uFFFD│ db')
    expect(written()).toContain('a\uFFFDb')
    expect(written().split('\n')).toHaveLength(6)
  })
})

describe('a terminal', () => {
  it('that does not tell its size gets the lines of a usual one', () => {
    const { output, written } = outputOf(true, { columns: 0, rows: 0 })
    const view = viewOn({ output, environment: {}, now: () => 0 })
    view.show(progressOf([moving('web')]))
    view.end()
    expect(written()).toContain('web  running  2 min')
    expect(written()).toContain('1 to go, 1 of them under way')
  })

  it.each(['false', 'False', '0', ''])('is one where CI is %j', (value) => {
    const { output, written } = outputOf(true)
    const view = viewOn({ output, environment: { CI: value }, now: () => 0 })
    view.show(progressOf([moving('web')]))
    view.end()
    expect(written()).toContain(escapeCharacter)
  })
})

describe('what holds a migration up', () => {
  const words = [
    'gcore: GET /cloud/v1/tasks failed (unavailable), again in 2 s',
    'gcore: the provider asks for a pause, of 45 s at the least',
    'gcore: the requests of the minute are used up, a pause of 20 s at the least',
    'gcore: this version does not know the image status "frozen"',
    'gcore: the answer to the import of "web" did not come, what came of it is looked up',
    'gcore: the import of "web" was carried out',
    'gcore: nothing has shown up of the import of "db"',
  ]

  it('is a line each in an output that keeps them', () => {
    const { output, written } = outputOf(false)
    const view = viewOn({ output, environment: {}, now: () => 0 })
    for (const one of hindrances) view.note(one)
    expect(written()).toBe(words.map((line) => `      0 s  ${line}\n`).join(''))
  })

  it('is counted below the totals on a terminal, within its rows', () => {
    const { output, written } = outputOf(true, { columns: 120, rows: 6 })
    const view = viewOn({ output, environment: {}, now: () => 0 })
    view.show(progressOf(Array.from({ length: 9 }, (_, index) => moving(`web-${index}`))))
    expect(written()).toContain('… and 6 more')
    for (const one of hindrances) view.note(one)
    expect(written()).toContain('… and 7 more')
    expect(written()).toContain('1 sent again, 2 pauses of up to 45 s, 1 answer lost, 1 unknown value')
    view.end()
    expect(written()).not.toContain('gcore: ')
  })

  it('is a line that stays on a terminal where there is no progress yet', () => {
    const { output, written } = outputOf(true)
    const view = viewOn({ output, environment: {}, now: () => 0 })
    for (const one of hindrances) view.note(one)
    expect(written()).toBe(words.map((line) => `${line}\n`).join(''))
    view.end()
  })
})

describe('Ctrl-C', () => {
  const interruptedAt = (...moments: readonly number[]): readonly string[] => {
    const source = new EventEmitter()
    const done: string[] = []
    let now = 0
    const release = onInterrupts({
      source,
      now: () => now,
      stop: () => done.push(`stop at ${now}`),
      end: () => done.push(`end at ${now}`),
    })
    for (const moment of moments) {
      now = moment
      source.emit('SIGINT')
    }
    release()
    expect(source.listenerCount('SIGINT')).toBe(0)
    return done
  }

  it('stops cleanly, and ends at once when it comes again', () => {
    expect(interruptedAt(100)).toEqual(['stop at 100'])
    expect(interruptedAt(100, 2_000)).toEqual(['stop at 100', 'end at 2000'])
  })

  it('counts once where npm passes the same one on', () => {
    expect(interruptedAt(100, 103)).toEqual(['stop at 100'])
    expect(interruptedAt(100, 103, 1_000)).toEqual(['stop at 100', 'end at 1000'])
  })
})

describe('what is said of a migration that was stopped', () => {
  it('names what is running, what may be with its key, how many were not begun, and how to find them', () => {
    const error = new ImageStoreError('canceled', 'stopped', {
      unconfirmed: [{ change: 'the import of "db"', key: 'digitalocean:2 76 db' }, { change: 'the import of "app"' }],
    })
    const images = [
      moving('web'),
      moving('db', { phase: 'beginning', ref: undefined }),
      moving('app', { phase: 'beginning', ref: undefined }),
      waiting('next'),
    ]
    expect(stoppedLines('gcore', progressOf(images), error, 'Look again.')).toEqual([
      '',
      'Still running at gcore:',
      '  web  (gcore:1337/76/task/web)',
      'May be running at gcore, whose answer did not come:',
      '  the import of "db"  (key: digitalocean:2 76 db)',
      '  the import of "app"',
      'Not begun: 1 more.',
      'Look again.',
    ])
  })

  it('says what was not looked at, of which an earlier run may have begun some', () => {
    const error = new ImageStoreError('canceled', 'stopped')
    expect(stoppedLines('gcore', progressOf([moving('web')], { toGo: 3, notLookedAt: 2 }), error, 'Again.')).toEqual([
      '',
      'Still running at gcore:',
      '  web  (gcore:1337/76/task/web)',
      'Not looked at: 2 more. What an earlier run has begun of them goes on.',
      'Again.',
    ])
    expect(stoppedLines('gcore', progressOf([], { toGo: 3, notLookedAt: 3 }), error, 'Again.')).toEqual([
      '',
      'Not looked at: 3 more. What an earlier run has begun of them goes on.',
      'Again.',
    ])
  })

  it('says that nothing is running where nothing was begun', () => {
    const error = new ImageStoreError('canceled', 'stopped')
    expect(stoppedLines('gcore', undefined, error, 'Look again.')).toEqual([
      '',
      'Nothing that this command waits for is still running at gcore.',
    ])
    expect(stoppedLines('gcore', progressOf([waiting('web')]), error, 'Look again.')).toEqual([
      '',
      'Nothing that this command waits for is still running at gcore.',
      'Not begun: 1 more.',
    ])
  })
})
