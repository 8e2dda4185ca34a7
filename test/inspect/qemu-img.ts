import { missingOf, runTool } from '../tools.ts'

/** Whether qemu-img and qemu-io are there, to make images and to judge ours. Where they are not, their cases are left out. */
export const qemu = missingOf(['qemu-img', 'qemu-io']).length === 0

if (!qemu) process.stderr.write('qemu-img is not installed: the cases that need it are left out\n')

/** Runs qemu-img and answers with what it prints. */
export const qemuImg = (...args: readonly string[]): Promise<string> => runTool('qemu-img', ...args)

/** What qemu-img tells of an image. */
export const qemuInfo = async (path: string): Promise<Record<string, unknown>> =>
  JSON.parse(await qemuImg('info', '--output=json', '-U', path))

/** Runs commands in the guest's place, such as writes here and there, by qemu-io. */
export const qemuIo = (path: string, ...commands: readonly string[]): Promise<string> =>
  runTool('qemu-io', ...commands.flatMap((command) => ['-c', command]), path)

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
