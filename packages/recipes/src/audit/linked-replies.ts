/** Equal numbers for equal values, from 0 in order of appearance. */
export function numbered(values: readonly unknown[]): Int32Array {
  const numbers = new Map<unknown, number>();
  return Int32Array.from(values, (value) => {
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    return number;
  });
}

/** A number for each item, equal for items that a chain of common prompts and replies connects. `prompts` are numbers. */
export function linkedReplies(
  replies: readonly (readonly string[])[],
  prompts: ArrayLike<number>,
): Int32Array {
  const leader = Int32Array.from(replies.keys());
  const find = (i: number): number => {
    let at = i;
    while (leader[at] !== at) at = leader[at] = leader[leader[at] as number] as number;
    return at;
  };
  const first = new Map<string, number>();
  replies.forEach((own, i) => {
    for (const key of [`prompt ${prompts[i]}`, ...own.map((reply) => `reply ${reply}`)]) {
      const other = first.get(key);
      if (other === undefined) first.set(key, i);
      else leader[find(i)] = find(other);
    }
  });
  return numbered(Array.from(replies.keys(), find));
}
