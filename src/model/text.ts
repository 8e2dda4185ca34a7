/** The text as it is; a blank or missing one is absent. Providers send `""` and `" "` where they mean "nothing". */
export const presentText = (text: string | null | undefined): string | undefined =>
  text === null || text === undefined || text.trim() === '' ? undefined : text
