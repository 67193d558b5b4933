/** A token as a word to name: without its leading space; one of nothing but space with signs for it. */
export function plainWord(token: string): string {
  return token.trim() || token.replaceAll(' ', '␣').replaceAll('\n', '↵');
}
