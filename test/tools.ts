import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

// What makes file systems is not in everybody's path, and mtools mind odd sizes of disks.
const environment = {
  ...process.env,
  PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
  MTOOLS_SKIP_CHECK: '1',
  LC_ALL: 'C',
}

const mostOutputBytes = 2 ** 28

/** Whether this is the build machine, on which every tool has to be. */
export const isCi = process.env['CI'] === 'true'

const isThere = (name: string): boolean => {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', name], { env: environment, stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Of these tools, those that are not installed. */
export const missingOf = (names: readonly string[]): readonly string[] => names.filter((name) => !isThere(name))

/** Runs a tool to its end, with a text as its standard input, and gives what it wrote. Rejects where it ends with anything but 0. */
export const runToolWithInput = async (
  name: string,
  input: string,
  ...parameters: readonly string[]
): Promise<string> => {
  const running = execute(name, [...parameters], { env: environment, maxBuffer: mostOutputBytes })
  // One that reads no input may have ended already.
  running.child.stdin?.on('error', () => undefined).end(input)
  return (await running).stdout
}

/** {@link runToolWithInput} with nothing as the input. */
export const runTool = (name: string, ...parameters: readonly string[]): Promise<string> =>
  runToolWithInput(name, '', ...parameters)
