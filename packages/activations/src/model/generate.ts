import { createRandom, row } from '@feedprint/core';
import type { LanguageModel, Random, Sampling, TokenRows } from '@feedprint/core';

/** Samples continuations token by token; each prompt has its own random stream, so the batch does not matter. */
export async function generate(
  model: Pick<LanguageModel, 'run' | 'info' | 'tokenizer'>,
  prompts: TokenRows,
  { maxNewTokens, temperature = 1, seed, edits = [] }: Sampling,
): Promise<number[][]> {
  const random = createRandom(seed);
  const rows = prompts.map((prompt, i) => ({
    tokens: Array.from(prompt),
    added: [] as number[],
    random: random.fork(`prompt ${i}`),
  }));
  let open = rows;
  for (let step = 0; step < maxNewTokens; step++) {
    open = open.filter(({ tokens }) => tokens.length < model.info.contextLength);
    if (open.length === 0) break;
    const { logits } = await model.run(
      open.map(({ tokens }) => tokens),
      { logits: 'last', edits },
    );
    if (!logits) break;
    open = open.filter((item, i) => {
      const token = sample(row(logits, i), temperature, item.random);
      if (model.tokenizer.specialIds.has(token)) return false;
      item.tokens.push(token);
      item.added.push(token);
      return true;
    });
  }
  return rows.map(({ added }) => added);
}

function sample(logits: Float32Array, temperature: number, random: Random): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) {
    if ((logits[i] as number) > (logits[best] as number)) best = i;
  }
  if (temperature === 0) return best;
  const top = logits[best] as number;
  const weights = Float64Array.from(logits, (value) => Math.exp((value - top) / temperature));
  let rest = random.next() * weights.reduce((sum, w) => sum + w, 0);
  for (let i = 0; i < weights.length; i++) {
    rest -= weights[i] as number;
    if (rest < 0) return i;
  }
  return best;
}
