// How many planted mistakes in the model and the translations the tests find: npm run mutation. It takes about half an hour on
// two cores. Stryker and its 150 packages are installed in a copy of the project, so that nobody else has to have them.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const copy = mkdtempSync(join(tmpdir(), 'imageferry-mutation-'))

const run = (command, parameters, cwd, output = 'inherit') => {
  const { status, stdout } = spawnSync(command, parameters, {
    cwd,
    stdio: ['ignore', output, 'inherit'],
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')} ended with ${status}`)
  return stdout
}

try {
  const files = run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], root, 'pipe').trim().split('\n')
  for (const file of files) cpSync(join(root, file), join(copy, file), { recursive: true, force: true })
  // The tests that read the shared specifications and examples find them where they are.
  process.env.IMAGEFERRY_SHARED ??= join(dirname(root.replace(/\/$/, '')), 'shared')
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], copy)
  const stryker = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/vitest-runner@9.6.1']
  run('npm', ['install', '--save-dev', '--save-exact', '--ignore-scripts', '--no-audit', '--no-fund', ...stryker], copy)
  run('npx', ['stryker', 'run', 'scripts/mutation/stryker.config.json'], copy)
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
