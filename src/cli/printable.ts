/**
 * A text as it may stand in a line: names and reasons are the providers', and what would move a cursor, end the line or turn the
 * direction of writing is shown as a mark.
 */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')
