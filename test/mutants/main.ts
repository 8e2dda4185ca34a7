/**
 * Puts stores with known bugs to the conformance suite: each has to fail a case. Tells for every one which case caught it; the
 * last line says `N passed, N failed`, and the exit code is 0 only where all were caught and the stores without a bug pass.
 */
import type { ImageStore } from 'imageferry'
import { gcoreSubject } from '../gcore-subject.ts'
import { memorySubject } from '../memory-subject.ts'
import { firstFailure } from './first-failure.ts'
import { mutants } from './mutants.ts'

const subjects = {
  memory: async (decorate: (store: ImageStore) => ImageStore) => memorySubject(decorate),
  gcore: async (decorate: (store: ImageStore) => ImageStore) => {
    const subject = await gcoreSubject()
    return { ...subject, store: decorate(subject.store), reopen: () => decorate(subject.reopen()) }
  },
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

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
      : `FAILED    ${name}: ${failure.sentence}: ${failure.message}`,
  )
}

for (const { name, of, on = 'memory', with: mutate } of mutants) {
  const failure = await firstFailure(() => subjects[on](mutate))
  count(failure !== undefined)
  say(
    failure === undefined
      ? `SURVIVED  ${name} (${of})`
      : `caught    ${name} (${of})\n          by ${failure.group}: ${failure.sentence}`,
  )
}

say(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
