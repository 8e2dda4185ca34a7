const cell = (text: string): string => text.replaceAll('|', '\\|')

/** A table of Markdown: the names of its columns, and its rows. */
export const table = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')
