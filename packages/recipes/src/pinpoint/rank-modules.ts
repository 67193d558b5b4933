import { parameterGroups } from '@feedprint/activations';
import { matrix, row, takeRows } from '@feedprint/core';
import type { Edit, LanguageModel, Matrix, TokenRows } from '@feedprint/core';
import { known } from '../audit/known.ts';
import { answersOf, batchPrompts, behaviourOf } from './behaviour.ts';
import type { ContrastivePrompt } from './contrast.ts';

/** Attention or MLP of a block. */
export interface RankedModule {
  readonly site: string;
  readonly layer: number;
  readonly component: 'attention' | 'mlp';
  /** Names of its parameters. */
  readonly names: readonly string[];
  /** Mean fall of the behaviour, nats, when its output at the prompt's last token comes from the contrasting prompt. */
  readonly effect: number;
}

const outputs = { attention: 'hook_attn_out', mlp: 'hook_mlp_out' } as const;

/**
 * Attention and MLP of every block, by how much of a behaviour goes where their output after the prompt is exchanged for that after a
 * contrasting prompt (activation patching, arXiv 2409.01658 section 3), the strongest first.
 */
export async function rankModules(
  model: LanguageModel,
  prompts: readonly ContrastivePrompt[],
  onProgress: (done: number, total: number) => void,
): Promise<RankedModule[]> {
  const modules = parameterGroups(model).flatMap(({ layer, component, names }) =>
    layer !== undefined && (component === 'attention' || component === 'mlp')
      ? [{ layer, component, names, site: `blocks.${layer}.${outputs[component]}` }]
      : [],
  );
  const falls = modules.map(() => 0);
  let done = 0;
  for (const batch of batchPrompts(model, prompts)) {
    const rows = batch.map(({ contrast }) => contrast);
    const { activations } = await model.run(rows, { capture: modules.map(({ site }) => site) });
    const before = await behaviourOf(model, batch);
    for (const [m, { site }] of modules.entries()) {
      const donors = lastOf(known(activations.get(site), site), rows);
      const after = await behaviourOf(model, batch, afterPrompts(site, donors, batch));
      after.forEach(
        (value, i) => (falls[m] = (falls[m] as number) + (before[i] as number) - value),
      );
    }
    done += batch.length;
    onProgress(done, prompts.length);
  }
  return modules
    .map((module, m) => ({ ...module, effect: (falls[m] as number) / prompts.length }))
    .sort((a, b) => b.effect - a.effect);
}

/** Activations after the last token of each row. */
function lastOf(all: Matrix, rows: TokenRows): Matrix {
  let end = 0;
  return takeRows(
    all,
    rows.map(({ length }) => (end += length) - 1),
  );
}

/** Puts these activations after the prompts of both answers. */
function afterPrompts(site: string, donors: Matrix, batch: readonly ContrastivePrompt[]): Edit {
  const sequences = answersOf(batch);
  return {
    site,
    apply(x) {
      const patched = matrix(x.rows, x.columns, x.data.slice());
      let first = 0;
      sequences.forEach(({ ids, start }, i) => {
        patched.data.set(row(donors, i % batch.length), (first + start - 1) * x.columns);
        first += ids.length;
      });
      return patched;
    },
  };
}
