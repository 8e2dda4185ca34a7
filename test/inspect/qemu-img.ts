import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

const isThere = (): boolean => {
  try {
    execFileSync('qemu-img', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Whether qemu-img is there, to make images and to judge ours. Where it is not, its cases are left out. */
export const qemu = isThere()

/** On the build machine the tools must be there; elsewhere their cases are left out, and say so. */
export const isCi = process.env['CI'] === 'true'

if (!qemu) process.stderr.write('qemu-img is not installed: the cases that need it are left out\n')

/** Runs qemu-img and answers with what it prints. */
export const qemuImg = async (...args: readonly string[]): Promise<string> => (await run('qemu-img', args)).stdout

/** What qemu-img tells of an image. */
export const qemuInfo = async (path: string): Promise<Record<string, unknown>> =>
  JSON.parse(await qemuImg('info', '--output=json', '-U', path))

/** Runs commands in the guest's place, such as writes here and there, by qemu-io. */
export const qemuIo = async (path: string, ...commands: readonly string[]): Promise<string> =>
  (await run('qemu-io', [...commands.flatMap((command) => ['-c', command]), path])).stdout

/**
 * Runs qemu-img where it has to make a key for LUKS: before that it measures how fast the processor is, and gives up by chance where the
 * clock is too coarse for that.
 */
export const qemuImgWithKey = async (...args: readonly string[]): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await qemuImg(...args)
      return
    } catch (error) {
      if (attempt === 40 || !String(error).includes('accurate CPU usage')) throw error
    }
  }
}
