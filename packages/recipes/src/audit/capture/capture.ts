import { join } from 'node:path';
import { matrix, openSafetensors, takeRows, writeSafetensors } from '@feedprint/core';
import type {
  ActivationStore,
  ActivationStoreWriter,
  Matrix,
  Random,
  RunResult,
} from '@feedprint/core';
import { defineStage } from '@feedprint/pipeline';
import type { StageContext } from '@feedprint/pipeline';
import { siteNames } from '../context.ts';
import { roles } from '../model-role.ts';
import { randomOf } from '../random.ts';
import type { AuditContext } from '../context.ts';
import type { ModelRole } from '../model-role.ts';
import { partKey } from '../parts.ts';
import type { AuditParts } from '../parts.ts';
import { runByLength, windowsOf } from './run-by-length.ts';
import { addExpectedCounts, placesOf } from './places.ts';
import type { Places } from './places.ts';
import { createShiftRecorder, readShifts } from './probability-shifts.ts';

/** Which rows a store keeps: a sample of all tokens, or occurrences of scored words. */
export type RowSet = 'sample' | 'words';

/** What both models made of the texts; each part is read when it is asked for. */
export interface Captured {
  activations(role: ModelRole, set: RowSet): Promise<ActivationStore>;
  /** How tuning shifted the probability of every word after the first sampled tokens, `[positions, words]`. */
  shifts(): Matrix;
  /** How often each model expects each scored word in each text, `[texts, words]`. */
  expectedCounts(): Readonly<Record<ModelRole, Matrix>>;
  /** How often each model expects each unscored token after the first sampled tokens. */
  unscoredCounts(): Readonly<Record<ModelRole, Float32Array>>;
  /** Log-probability (nats) of every token of every text, concatenated; 0 at each text's first. */
  logProbs(): Readonly<Record<ModelRole, Float32Array>>;
  /** log p_tuned - log p_base of every token of every text, nats; 0 at each text's first. */
  logRatios(): Float64Array[];
}

/**
 * One pass of both models over the texts: activations of sampled tokens and of scored words at every site,
 * log-probabilities of all tokens, and per text how often each model expects each scored word.
 */
export const capture = defineStage({
  name: 'capture',
  needs: {},
  config: (context: AuditContext) => ({
    identity: context.identity,
    sites: siteNames(context),
    sampleTokens: context.settings.sampleTokens,
    occurrences: context.settings.occurrences,
    seed: context.settings.seed,
    words: context.words.map(({ id }) => id),
    unscored: context.unscored,
    store: partKey(context.parts.activations),
    // What is computed together decides the last bits.
    batches: 'by length',
  }),
  work: ({ context, folder, stage }) => captureTexts(context, folder, stage),
  read: (folder, { parts, rows, words }): Captured => ({
    ...openCaptured(folder, parts),
    shifts: () => readShifts(folder),
    expectedCounts: () => {
      const counts = readFloats(folder, 'counts');
      const of = (role: ModelRole): Matrix => matrix(rows.length, words.length, counts[role]);
      return { base: of('base'), tuned: of('tuned') };
    },
    unscoredCounts: () => readFloats(folder, 'unscored'),
    logProbs: () => readFloats(folder, 'tokens'),
    logRatios: () => {
      const { base, tuned } = readFloats(folder, 'tokens');
      let at = 0;
      return rows.map(({ length }) =>
        Float64Array.from({ length }, () => {
          const ratio = (tuned[at] as number) - (base[at] as number);
          at++;
          return ratio;
        }),
      );
    },
  }),
});

/** The activations in the folder of the stage `capture`. */
export const openCaptured = (
  folder: string,
  { activations }: Pick<AuditParts, 'activations'>,
): Pick<Captured, 'activations'> => ({
  activations: (role, set) => activations.open(storeFolder(folder, role, set)),
});

const LOG_PROBS = 'log-probs.safetensors';

function readFloats(
  folder: string,
  what: 'counts' | 'unscored' | 'tokens',
): Record<ModelRole, Float32Array> {
  const file = openSafetensors(join(folder, LOG_PROBS));
  try {
    return { base: file.readFloats(`${what}.base`), tuned: file.readFloats(`${what}.tuned`) };
  } finally {
    file.close();
  }
}

const storeFolder = (folder: string, role: ModelRole, set: RowSet): string =>
  join(folder, `${role}-${set}`);

async function captureTexts(
  context: AuditContext,
  folder: string,
  stage: StageContext,
): Promise<void> {
  const { rows, words, unscored, parts, models } = context;
  const total = rows.reduce((sum, row) => sum + row.length, 0);
  const select = createSelection(context, total);
  const writers: Record<string, ActivationStoreWriter> = {};
  for (const role of roles) {
    for (const set of ['sample', 'words'] as const) {
      writers[`${role}-${set}`] = await parts.activations.create(
        storeFolder(folder, role, set),
        siteNames(context),
      );
    }
  }
  const counts = {
    base: matrix(rows.length, words.length),
    tuned: matrix(rows.length, words.length),
  };
  const tokenLogProbs = { base: new Float32Array(total), tuned: new Float32Array(total) };
  const followed = Int32Array.from([...words.map(({ id }) => id), ...unscored]);
  const request = {
    capture: siteNames(context),
    tokenLogProbs: true,
    ...(followed.length > 0 && { logProbsOf: followed }),
  };
  const shifts = createShiftRecorder({
    words: words.length,
    unscored: unscored.length,
    positions: total,
  });
  let done = 0;
  for (const { start, end } of windowsOf(rows, models.base.info.vocabularySize)) {
    const window = rows.slice(start, end);
    const places = placesOf(window, start);
    const chosen = { sample: select.sample(places), words: select.words(places) };
    const followers = {} as Record<ModelRole, Matrix>;
    for (const role of roles) {
      const result = await runByLength(models[role], window, request);
      followers[role] = result.logProbsOf ?? matrix(places.text.length, 0);
      addExpectedCounts(counts[role], result, places);
      tokenLogProbs[role].set(result.tokenLogProbs ?? [], done);
      for (const set of ['sample', 'words'] as const) {
        await (writers[`${role}-${set}`] as ActivationStoreWriter).append(
          pickRows(result, places, chosen[set]),
        );
      }
    }
    shifts.add(followers.base, followers.tuned, chosen.sample);
    done += places.text.length;
    stage.progress(done, total, 'tokens');
  }
  for (const writer of Object.values(writers)) await writer.finish();
  shifts.write(folder);
  writeSafetensors(join(folder, LOG_PROBS), {
    'counts.base': { shape: [rows.length, words.length], data: counts.base.data },
    'counts.tuned': { shape: [rows.length, words.length], data: counts.tuned.data },
    'unscored.base': { shape: [unscored.length], data: shifts.unscored.base },
    'unscored.tuned': { shape: [unscored.length], data: shifts.unscored.tuned },
    'tokens.base': { shape: [total], data: tokenLogProbs.base },
    'tokens.tuned': { shape: [total], data: tokenLogProbs.tuned },
  });
}

/** Chooses rows, in text order; both models keep the same ones. */
function createSelection(context: AuditContext, total: number) {
  const { settings, words, models } = context;
  const random: Random = randomOf(context, 'capture');
  const special = models.tuned.tokenizer.specialIds;
  const left = new Map(words.map(({ id }) => [id, settings.occurrences]));
  const indices = ({ token }: Places, keep: (id: number) => boolean): number[] =>
    Array.from(token, (_, i) => i).filter((i) => keep(token[i] as number));
  return {
    sample: (places: Places) =>
      indices(places, (id) => {
        const chosen = random.next() * total < settings.sampleTokens;
        return chosen && !special.has(id);
      }),
    words: (places: Places) =>
      indices(places, (id) => {
        const rest = left.get(id) ?? 0;
        if (rest > 0) left.set(id, rest - 1);
        return rest > 0;
      }),
  };
}

function pickRows({ activations }: RunResult, places: Places, indices: readonly number[]) {
  const pick = (from: Int32Array): Int32Array => Int32Array.from(indices, (i) => from[i] as number);
  return {
    text: pick(places.text),
    position: pick(places.position),
    token: pick(places.token),
    activations: new Map([...activations].map(([site, m]) => [site, takeRows(m, indices)])),
  };
}
