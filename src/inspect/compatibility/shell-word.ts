/** Characters that a terminal, or who looks at one, may take for something else than a part of a name. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u

const plain = /[\w ./,+=@%-]/

const octal = (character: string): string =>
  [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')

const escaped = (text: string): string =>
  `$'${[...text].map((character) => (plain.test(character) ? character : octal(character))).join('')}'`

/**
 * A text as one word of a POSIX shell, whatever it holds: in single quotes, and where there are characters that cannot be pasted, such
 * as control characters, as `$'…'` with their bytes in octal digits, which bash, zsh and ksh read. NUL, which no file's name can
 * hold, is an underscore.
 */
export const shellWord = (text: string): string => {
  const name = text.replaceAll('\0', '_')
  return unprintable.test(name) ? escaped(name) : `'${name.replaceAll("'", String.raw`'\''`)}'`
}
