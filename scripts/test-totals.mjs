// Reads vitest's JSON report. With --none-left-out: fails where a case was skipped. Otherwise prints the totals as one line,
// after the cases that failed, since whoever sees only the end of the output looks for just these.
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'none-left-out': { type: 'boolean' }, 'failed-steps': { type: 'string' } },
})
const [path = ''] = positionals
const report = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined

if (values['none-left-out'] === true) {
  const cases = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? []
  const leftOut = cases.filter(({ status }) => status !== 'passed' && status !== 'failed')
  for (const { fullName, status } of leftOut) process.stderr.write(`${status}: ${fullName}\n`)
  process.exitCode = leftOut.length === 0 && cases.length > 0 ? 0 : 1
} else {
  // A file that could not be loaded has no cases to count, and fails all the same.
  const unloaded = report?.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  for (const { name, assertionResults } of report?.testResults ?? []) {
    for (const { fullName, status, failureMessages } of assertionResults) {
      if (status === 'failed') process.stdout.write(`failed: ${name}: ${fullName}\n${failureMessages.join('\n')}\n`)
    }
  }
  for (const { name, message } of unloaded ?? []) process.stdout.write(`not loaded: ${name}\n${message}\n`)
  const failed = (report?.numFailedTests ?? 0) + (unloaded?.length ?? 0)
  const hidden = failed === 0 && Number(values['failed-steps'] ?? 0) > 0 ? Number(values['failed-steps']) : 0
  process.stdout.write(`${report?.numPassedTests ?? 0} passed, ${failed + hidden} failed\n`)
}
