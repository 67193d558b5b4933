/** A piece of text that merges stay within, as its symbols, and how often it stands. */
export interface Piece {
  readonly symbols: readonly string[];
  readonly count: number;
}

export type Merge = readonly [left: string, right: string];

/**
 * Byte-pair encoding (Sennrich et al. 2016): merges the most frequent pair of neighbouring symbols, `most` times or until no pair stands twice.
 * Of pairs alike in frequency, the alphabetically first is merged.
 */
export function trainMerges(pieces: readonly Piece[], most: number): Merge[] {
  const merges: Merge[] = [];
  let current = pieces.filter(({ symbols }) => symbols.length > 1);
  while (merges.length < most) {
    const best = mostFrequentPair(current);
    if (best === undefined) break;
    merges.push(best);
    current = current.flatMap(({ symbols, count }) => {
      const merged = mergePair(symbols, best);
      return merged.length > 1 ? [{ symbols: merged, count }] : [];
    });
  }
  return merges;
}

function mostFrequentPair(pieces: readonly Piece[]): Merge | undefined {
  const counts = new Map<string, { readonly pair: Merge; count: number }>();
  for (const { symbols, count } of pieces) {
    for (let i = 1; i < symbols.length; i++) {
      const pair: Merge = [symbols[i - 1] as string, symbols[i] as string];
      const key = pair.join(' ');
      const known = counts.get(key);
      if (known) known.count += count;
      else counts.set(key, { pair, count });
    }
  }
  let best: { readonly key: string; readonly pair: Merge; readonly count: number } | undefined;
  for (const [key, { pair, count }] of counts) {
    if (count < 2) continue;
    if (!best || count > best.count || (count === best.count && key < best.key)) {
      best = { key, pair, count };
    }
  }
  return best?.pair;
}

function mergePair(symbols: readonly string[], [left, right]: Merge): readonly string[] {
  if (!symbols.some((symbol, i) => symbol === left && symbols[i + 1] === right)) return symbols;
  const merged: string[] = [];
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i] as string;
    if (symbol === left && symbols[i + 1] === right) {
      merged.push(left + right);
      i++;
    } else merged.push(symbol);
  }
  return merged;
}
