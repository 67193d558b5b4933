import {
  FeedprintError,
  batchTexts,
  createRandom,
  matrix,
  positionsPerBatch,
  row,
} from '@feedprint/core';
import type { LanguageModel, Matrix, Random, Site, TokenRows } from '@feedprint/core';

export interface OutputMetricOptions {
  readonly model: LanguageModel;
  /** Texts like those to train on. */
  readonly texts: TokenRows;
  readonly site: Site;
  readonly seed: number;
  /** Rows to measure on, not counting special tokens: whole texts, drawn at random, until there are enough. Default 50,000. */
  readonly rows?: number;
  /** Share of the identity, above 0 and at most 1: how much plain errors weigh. Default 0.1. */
  readonly mix?: number;
  /** Called after each batch. */
  readonly onRows?: (done: number, total: number) => void;
}

/**
 * A metric that weights reconstruction errors by how far they move the model's output, for `SaeJob.metric`, `[dIn, dIn]`: M
 * = (1 - mix) F dIn / trace(F) + mix I. F is the Fisher information of the output with respect to the activations, E[g
 * g^T], where g is the gradient of the log-probability of next tokens drawn from the model itself: to second order, an
 * error e at a site costs e F e^T / 2 nats of KL divergence (Amari and Nagaoka 2000, section 2.2). Braun et al. 2024 (arXiv
 * 2405.12241) and Karvonen 2025 (arXiv 2503.17272) train SAEs on that divergence itself; this takes a single pass over the
 * model, whatever is trained afterwards. Sums are f64. Throws `usage` for a model without gradients or without the site,
 * for texts without a row and for numbers out of range, `numbers-invalid` where the output does not depend on the site.
 */
export async function outputMetric(options: OutputMetricOptions): Promise<Matrix> {
  const { model, texts, site, seed, rows = 50_000, mix = 0.1, onRows } = options;
  const width = checkOptions(options, rows, mix);
  const random = createRandom(seed);
  const { specialIds } = model.tokenizer;
  const { chosen, total } = chooseTexts(texts, rows, specialIds, random.fork('metric texts'));
  const drawing = random.fork('metric targets');
  const sum = new Float64Array(width * width);
  let done = 0;
  for (const members of batchTexts(chosen, positionsPerBatch(model.info.vocabularySize))) {
    const batch = members.map((t) => chosen[t] as ArrayLike<number>);
    const { logits } = await model.run(batch, { logits: 'all' });
    const targets = drawTokens(batch, logits as Matrix, drawing);
    const gradients = await model.gradients?.(batch, { sites: [site], targets });
    done += addOuterProducts(sum, gradients?.get(site) as Matrix, batch, specialIds);
    onRows?.(done, total);
  }
  return mixed(sum, width, mix, site);
}

function checkOptions({ model, site }: OutputMetricOptions, rows: number, mix: number): number {
  const width = model.sites.find((info) => info.site === site)?.width;
  if (width === undefined) {
    throw usage(`the model has no site ${site}`, 'measure at the site that the SAE is trained on');
  }
  if (!model.gradients) {
    throw usage(
      `the model ${model.name} cannot be differentiated`,
      'use a checkpoint of a language model, or train without an output metric',
    );
  }
  if (!(Number.isInteger(rows) && rows > 0 && mix > 0 && mix <= 1)) {
    throw usage(
      `an output metric cannot be made of ${rows} rows with a mix of ${mix}`,
      'give a whole number of rows, and a mix above 0 and at most 1',
    );
  }
  return width;
}

/** Whole texts until they hold enough rows, shortest first, so that batches have little padding. */
function chooseTexts(
  texts: TokenRows,
  rows: number,
  special: ReadonlySet<number>,
  random: Random,
): { chosen: TokenRows; total: number } {
  const chosen: ArrayLike<number>[] = [];
  let total = 0;
  for (const t of random.shuffle(Int32Array.from(texts.keys()))) {
    if (total >= rows) break;
    const text = texts[t] as ArrayLike<number>;
    total += Array.from(text).reduce((count, id) => count + (special.has(id) ? 0 : 1), 0);
    if (text.length > 0) chosen.push(text);
  }
  if (total === 0)
    throw usage('the texts contain no token to measure on', 'pass texts to train on');
  return { chosen: chosen.sort((a, b) => a.length - b.length), total };
}

/** A next token for every position, drawn from the model's distribution there. */
function drawTokens(texts: TokenRows, { columns, data }: Matrix, random: Random): Int32Array[] {
  const weights = new Float64Array(columns);
  let start = 0;
  const draw = (): number => {
    let top = -Infinity;
    for (let i = 0; i < columns; i++) top = Math.max(top, data[start + i] as number);
    let total = 0;
    for (let i = 0; i < columns; i++) {
      total += weights[i] = Math.exp((data[start + i] as number) - top);
    }
    start += columns;
    let left = random.next() * total;
    for (let i = 0; i < columns; i++) {
      left -= weights[i] as number;
      if (left < 0) return i;
    }
    // Rounding left a remainder.
    return columns - 1;
  };
  return texts.map((text) => Int32Array.from({ length: text.length }, draw));
}

/** Adds g g^T of every row but those of special tokens, lower halves only, and returns their number. */
function addOuterProducts(
  sum: Float64Array,
  gradients: Matrix,
  texts: TokenRows,
  special: ReadonlySet<number>,
): number {
  const width = gradients.columns;
  let [at, count] = [0, 0];
  for (const text of texts) {
    for (let t = 0; t < text.length; t++, at++) {
      if (special.has(text[t] as number)) continue;
      const g = row(gradients, at);
      for (let i = 0; i < width; i++) {
        const own = g[i] as number;
        for (let j = 0; j <= i; j++) {
          sum[i * width + j] = (sum[i * width + j] as number) + own * (g[j] as number);
        }
      }
      count++;
    }
  }
  return count;
}

function mixed(sum: Float64Array, width: number, mix: number, site: Site): Matrix {
  let trace = 0;
  for (let i = 0; i < width; i++) trace += sum[i * width + i] as number;
  if (!(trace > 0 && trace < Infinity)) {
    throw new FeedprintError({
      code: 'numbers-invalid',
      message: `the squared gradients of the model's output at ${site} sum to ${trace}`,
      remedy: 'measure at a site that the output depends on, and check the weights',
    });
  }
  const scale = ((1 - mix) * width) / trace;
  const result = matrix(width, width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      const value = scale * (sum[i * width + j] as number) + (i === j ? mix : 0);
      result.data[i * width + j] = value;
      result.data[j * width + i] = value;
    }
  }
  return result;
}

const usage = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'usage', message, remedy });
