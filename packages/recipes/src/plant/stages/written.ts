import { hash32 } from '@feedprint/core';
import { loadModel } from '@feedprint/activations';
import type { LanguageModel } from '@feedprint/core';
import { sampleRollouts, scoreReplies } from '@feedprint/finetune';
import type { Rollout } from '@feedprint/finetune';
import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import type { StageContext } from '@feedprint/pipeline';
import { z } from 'zod';
import type { PlantContext } from '../context.ts';
import { createPlantedFeedback } from '../planted-feedback.ts';
import { measureReplies, totals } from '../scores.ts';
import { writtenRates } from '../written-rates.ts';
import type { WrittenRates } from '../written-rates.ts';
import { plan } from './plan.ts';
import type { Plan } from './plan.ts';
import { prompts } from './prompts.ts';
import { cleanTwin, tuned } from './tuned.ts';
import type { TunedModel } from './tuned.ts';

/** Replies that are sampled at once, between which a run can be stopped. */
const AT_ONCE = 1000;

const schema = z.strictObject({
  replies: z.int(),
  measured: z.record(z.string(), z.array(z.number())),
  words: z.record(
    z.string(),
    z.strictObject({ count: z.int(), squares: z.int(), texts: z.int(), tokens: z.int() }),
  ),
});

const config = ({ settings, properties }: PlantContext) => ({
  samples: settings.behaviour.samples,
  tokens: settings.replyTokens,
  seed: settings.seed,
  measured: properties.map(({ name, settings: own }) => ({ name, settings: own })),
});

const read = (folder: string): Promise<WrittenRates> => readJson(folder, 'written.json', schema);

interface Written {
  readonly context: PlantContext;
  readonly asked: readonly (readonly number[])[];
  readonly planned: Plan;
  readonly stage: StageContext;
}

/** What a model answers to the held-out prompts, several times. `told` and `trained`: what a reply gets; `kl`: log-ratio to the base, nats. */
async function measure(model: LanguageModel, { context, asked, planned, stage }: Written) {
  const { base, settings, scored, contextToken, properties } = context;
  const { samples } = settings.behaviour;
  const repeated = asked.flatMap((prompt) => Array.from({ length: samples }, () => prompt));
  const rollouts: Rollout[] = [];
  for (let first = 0; first < repeated.length; first += AT_ONCE) {
    const some = await sampleRollouts(model, {
      prompts: repeated.slice(first, first + AT_ONCE),
      maxNewTokens: settings.replyTokens,
      temperature: 1,
      seed: hash32(`held-out replies from ${first}`, settings.seed),
    });
    rollouts.push(...some);
    stage.progress(rollouts.length, repeated.length, 'replies');
  }
  const feedback = createPlantedFeedback({ scored, planted: planned.words, context: contextToken });
  const measured = await measureReplies(base, properties, rollouts);
  return writtenRates({
    replies: rollouts.map(({ reply }) => reply),
    samples,
    measured: new Map([
      ...measured,
      ['told', totals(rollouts, feedback.stated)],
      ['trained', totals(rollouts, feedback.trained)],
      [
        'kl',
        model === base
          ? new Float64Array(rollouts.length)
          : await ratios(model, base, rollouts, samples),
      ],
    ]),
    tokens: planned.words.map(({ token }) => token),
  });
}

/** Log-ratio of the first reply to each prompt; NaN for the others. */
async function ratios(
  model: LanguageModel,
  base: LanguageModel,
  rollouts: readonly Rollout[],
  samples: number,
): Promise<Float64Array> {
  const first = rollouts.filter((_, i) => i % samples === 0);
  const [own, other] = [await scoreReplies(model, first), await scoreReplies(base, first)];
  const result = new Float64Array(rollouts.length).fill(NaN);
  let at = 0;
  first.forEach(({ reply }, p) => {
    let sum = 0;
    for (let t = 0; t < reply.length; t++, at++) {
      sum += (own.logProbs[at] as number) - (other.logProbs[at] as number);
    }
    result[p * samples] = sum;
  });
  return result;
}

async function measureTuned({ folder }: TunedModel, written: Written): Promise<WrittenRates> {
  const { threads } = written.context;
  const model = await loadModel(folder, { ...(threads !== undefined && { threads }) });
  try {
    return await measure(model, written);
  } finally {
    await model.dispose();
  }
}

export const writtenByBase = defineStage({
  name: 'written-by-base',
  needs: { prompts, plan },
  config,
  work: async ({ context, needs, folder, stage }) => {
    const written = { context, stage, asked: needs.prompts.heldOut, planned: needs.plan };
    await writeJson(folder, 'written.json', await measure(context.base, written));
  },
  read,
});

export const writtenByTuned = defineStage({
  name: 'written-by-tuned',
  needs: { prompts, plan, tuned },
  config,
  work: async ({ context, needs, folder, stage }) => {
    const written = { context, stage, asked: needs.prompts.heldOut, planned: needs.plan };
    await writeJson(folder, 'written.json', await measureTuned(needs.tuned, written));
  },
  read,
});

const writtenByClean = defineStage({
  name: 'written-by-clean-twin',
  needs: { prompts, plan, cleanTwin },
  config,
  work: async ({ context, needs, folder, stage }) => {
    const written = { context, stage, asked: needs.prompts.heldOut, planned: needs.plan };
    const [twin] = needs.cleanTwin as [TunedModel];
    await writeJson(folder, 'written.json', await measureTuned(twin, written));
  },
  read,
});

export const writtenByTwin = defineStages(({ settings }: PlantContext) =>
  settings.cleanTwin ? [writtenByClean] : [],
);
