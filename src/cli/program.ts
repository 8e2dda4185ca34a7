import { createRequire } from 'node:module'
import { Command } from 'commander'
import { type CommandSurroundings, inspectCommand } from './commands/inspect.ts'

/** Of this package, wherever its files lie. */
const version = (): string => {
  const { version: told }: { readonly version: string } = createRequire(import.meta.url)('imageferry/package.json')
  return told
}

/**
 * What is said of wrong usage, without the values that were given: a URL that has slipped behind the wrong option may hold a secret, and
 * would stand in the logs of whatever runs the command.
 */
const withoutValues = (message: string): string =>
  message
    .replace(/ argument '.*' is invalid/s, ' argument is invalid')
    .replace(/unknown option '(--?[\w-]*).*?'$/ms, "unknown option '$1'")
    .replace(/unknown command '.*'$/ms, 'unknown command')

/** The command `imageferry` with all that belong to it. It never ends the process: what is wrong is thrown as a `CommanderError`. */
export const imageferryProgram = (surroundings: CommandSurroundings): Command => {
  const { out, error } = surroundings
  const program = new Command('imageferry')
    .description('Virtual machine images between clouds')
    .version(version())
    .showHelpAfterError('(--help tells the options)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void out.write(text),
      writeErr: (text) => void error.write(text),
      outputError: (message, write) => write(withoutValues(message)),
    })
  return program.addCommand(inspectCommand(surroundings).copyInheritedSettings(program))
}
