import type { WrittenToken } from '@feedprint/core';

/** A token as a JSON string, a tab and its level. */
const levelLine = /^("(?:[^"\\]|\\.)*"\t)(?:10|\d)\s*$/;
const level = /^(10|\d)\s*$/;

/**
 * The expected level of each token of a text, 0 to 10, from an answer that wrote its lines again: levels weighted by their
 * probabilities where they were written, among the likely tokens that are levels (Bills et al. 2023). Where a tokenizer
 * writes 10 as two tokens, the probability of 1 is shared out by that of the 0 behind it. `undefined` for an answer that
 * does not have every line, in order, and no other.
 */
export function expectedLevels(
  tokens: readonly string[],
  written: readonly WrittenToken[],
): number[] | undefined {
  const placeOf = createPlaces(written);
  const levels: number[] = [];
  let at = 0;
  for (const line of written
    .map(({ token }) => token)
    .join('')
    .split('\n')) {
    const [, before] = levelLine.exec(line) ?? [];
    if (before !== undefined) {
      const token = tokens[levels.length];
      if (token === undefined || !isToken(before, token)) return undefined;
      const expected = expectedLevel(written, placeOf(at + before.length));
      if (expected === undefined) return undefined;
      levels.push(expected);
    }
    at += line.length + 1;
  }
  return levels.length === tokens.length ? levels : undefined;
}

/** Whether a line begins with this token, but for characters that a tokenizer may have torn apart. */
function isToken(before: string, token: string): boolean {
  const plain = (text: string): string => text.replace(/[^\x20-\x7e]/g, '');
  try {
    return plain(JSON.parse(before) as string) === plain(token);
  } catch {
    return false;
  }
}

/** For a place in the text: which written token holds it, and how far into that token it is. */
function createPlaces(written: readonly WrittenToken[]) {
  const starts: number[] = [];
  let length = 0;
  for (const { token } of written) {
    starts.push(length);
    length += token.length;
  }
  return (place: number): { readonly index: number; readonly inside: number } => {
    const index = starts.findLastIndex((start) => start <= place);
    return { index, inside: place - (starts[index] ?? 0) };
  };
}

function expectedLevel(
  written: readonly WrittenToken[],
  { index, inside }: { readonly index: number; readonly inside: number },
): number | undefined {
  const here = written[index];
  if (!here) return undefined;
  // What stands in the same token before the number, such as the tab.
  const before = here.token.slice(0, inside);
  let [mass, sum] = [0, 0];
  for (const { token, logProbability } of here.likely) {
    const digits = level.exec(token.startsWith(before) ? token.slice(inside) : '')?.[1];
    if (digits === undefined) continue;
    const probability = Math.exp(logProbability);
    mass += probability;
    const isHalf = digits === '1' && here.token.slice(inside) === '1';
    const ten = isHalf ? shareOf(written[index + 1], (next) => next.startsWith('0')) : 0;
    sum += probability * (ten * 10 + (1 - ten) * Number(digits));
  }
  return mass > 0 ? sum / mass : undefined;
}

function shareOf(written: WrittenToken | undefined, is: (token: string) => boolean): number {
  let [all, some] = [0, 0];
  for (const { token, logProbability } of written?.likely ?? []) {
    all += Math.exp(logProbability);
    if (is(token)) some += Math.exp(logProbability);
  }
  return all > 0 ? some / all : 0;
}
