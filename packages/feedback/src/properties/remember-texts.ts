/** Texts of one batch of `measureProperties` and their prompts fit. */
const TEXTS_KEPT = 16;

/**
 * The same function of a text, which remembers its results for the latest texts, because many properties of one reply
 * rest on the same words.
 */
export function rememberTexts<T>(compute: (text: string) => T): (text: string) => T {
  const results = new Map<string, T>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const result = compute(text);
    if (results.size >= TEXTS_KEPT) {
      const [oldest] = results.keys();
      results.delete(oldest as string);
    }
    results.set(text, result);
    return result;
  };
}
