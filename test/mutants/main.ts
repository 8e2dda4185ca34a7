/**
 * Puts stores with known bugs to the conformance suite: each has to fail the case that it names. Tells for every one what the
 * case said; the last line says `N passed, N failed`, and the exit code is 0 only where all were caught and the stores without a
 * bug pass.
 */
import type { ImageStore } from 'imageferry'
import type { ConformanceSubject } from 'imageferry/conformance'
import { digitalOceanSubject } from '../digitalocean-subject.ts'
import { gcoreSubject } from '../gcore-subject.ts'
import { memorySubject } from '../memory-subject.ts'
import { casesWith, firstFailure } from './failures.ts'
import type { Mutant, MutantStore } from './mutant.ts'
import { mutants } from './mutants.ts'

type Decorate = (store: ImageStore) => ImageStore

const decorated = (subject: ConformanceSubject, decorate: Decorate): ConformanceSubject => ({
  ...subject,
  store: decorate(subject.store),
  reopen: () => decorate(subject.reopen()),
})

const subjects: Readonly<Record<MutantStore, (decorate: Decorate) => Promise<ConformanceSubject>>> = {
  memory: async (decorate) => memorySubject(decorate),
  digitalocean: async (decorate) => decorated(await digitalOceanSubject(), decorate),
  gcore: async (decorate) => decorated(await gcoreSubject(), decorate),
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** A message of several lines in one, and not the whole of a long one. */
const shortened = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 160)

let passed = 0
let failed = 0
const count = (isRight: boolean): void => {
  if (isRight) passed += 1
  else failed += 1
}

for (const [name, start] of Object.entries(subjects)) {
  const failure = await firstFailure(() => start((store) => store))
  count(failure === undefined)
  say(
    failure === undefined
      ? `ok        ${name} without a bug`
      : `FAILED    ${name} without a bug: ${failure.sentence}: ${failure.message}`,
  )
}

const judge = async ({ name, of, by, with: mutate }: Mutant, on: MutantStore): Promise<void> => {
  const cases = casesWith(by)
  const sentences = new Set(cases.map(({ sentence }) => sentence))
  if (sentences.size !== 1) {
    count(false)
    say(`FAILED    ${name}: ${sentences.size} sentences hold the words "${by}"`)
    return
  }
  const failure = await firstFailure(() => subjects[on](mutate), cases)
  count(failure !== undefined)
  say(`${failure === undefined ? 'SURVIVED' : 'caught  '}  ${name}, on ${on} (${of})`)
  say(`          by: ${[...sentences].join('')}`)
  if (failure !== undefined) say(`          which said: ${shortened(failure.message)}`)
}

for (const mutant of mutants) for (const on of mutant.on ?? ['memory']) await judge(mutant, on)

say(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
