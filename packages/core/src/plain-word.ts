/** A token as a word to show: without its leading space; if it is only whitespace, with symbols for it. */
export function plainWord(token: string): string {
  return token.trim() || token.replaceAll(' ', '␣').replaceAll('\n', '↵');
}
