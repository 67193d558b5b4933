import { matrix, row } from '@feedprint/core';
import type { Edit, Matrix } from '@feedprint/core';
import { batchesOf } from '../capture/batches.ts';
import type { AuditContext, LayerSite } from '../context.ts';
import { known } from '../known.ts';
import { roles } from '../model-role.ts';
import type { ModelRole } from '../model-role.ts';
import type { Intervention, Pair } from './exchange.ts';

/** What a model makes of each text, `[texts]` each. */
export interface Outcome {
  /** Sum over a text's positions of the expected stated feedback of the next token. */
  readonly expected: Float64Array;
  /** Sum over a text's positions of KL(model as it is || edited model), nats. */
  readonly kl: Float64Array;
}

/** Outcomes of both models as they are, and of interventions, in their order. */
export interface Outcomes {
  readonly clean: Readonly<Record<ModelRole, Outcome>>;
  readonly edited: readonly Outcome[];
}

/** One batch, as both models see it. */
export interface PairedBatch {
  readonly rows: readonly Int32Array[];
  /** First text of the batch. */
  readonly start: number;
  readonly sites: ReadonlyMap<string, Pair>;
  /** Log-probabilities of the vocabulary after each position, `[positions, vocabulary]`. */
  readonly logProbs: Readonly<Record<ModelRole, Matrix>>;
}

/** Runs both models over texts, batch by batch, and keeps their activations at the sites. */
export async function* pairedBatches(
  { models }: Pick<AuditContext, 'models'>,
  texts: readonly Int32Array[],
  sites: readonly LayerSite[],
): AsyncGenerator<PairedBatch> {
  const capture = sites.map(({ site }) => site);
  const logProbsOf = vocabularyOf(models);
  for (const { start, end } of batchesOf(texts, logProbsOf.length)) {
    const rows = texts.slice(start, end);
    const [base, tuned] = [
      await models.base.run(rows, { capture, logProbsOf }),
      await models.tuned.run(rows, { capture, logProbsOf }),
    ];
    yield {
      rows,
      start,
      sites: new Map(
        capture.map((site) => [
          site,
          {
            base: known(base.activations.get(site), site),
            tuned: known(tuned.activations.get(site), site),
          },
        ]),
      ),
      logProbs: {
        base: known(base.logProbsOf, 'log-probabilities'),
        tuned: known(tuned.logProbsOf, 'log-probabilities'),
      },
    };
  }
}

/** Measures interventions on texts. */
export async function measure(
  context: Pick<AuditContext, 'models' | 'lexicon'>,
  texts: readonly Int32Array[],
  interventions: readonly Intervention[],
  onDone: (texts: number) => void = () => undefined,
): Promise<Outcomes> {
  const { models, lexicon } = context;
  const outcome = (): Outcome => ({
    expected: new Float64Array(texts.length),
    kl: new Float64Array(texts.length),
  });
  const clean = { base: outcome(), tuned: outcome() };
  const edited = interventions.map(outcome);
  const logProbsOf = vocabularyOf(models);
  const names = [...new Set(interventions.map(({ site }) => site))];
  const sites = models.tuned.sites.filter(({ site }) => names.includes(site)) as LayerSite[];
  for await (const batch of pairedBatches(context, texts, sites)) {
    const before = {
      base: distribution(batch.logProbs.base),
      tuned: distribution(batch.logProbs.tuned),
    };
    for (const role of roles) add(clean[role], batch, batch.logProbs[role], undefined);
    for (const [i, { model, site, activations }] of interventions.entries()) {
      const replacement = activations(known(batch.sites.get(site), site));
      const edit: Edit = { site, replacement, apply: () => replacement };
      const result = await models[model].run(batch.rows, { logProbsOf, edits: [edit] });
      const after = known(result.logProbsOf, 'log-probabilities');
      add(edited[i] as Outcome, batch, after, before[model]);
      onDone(batch.rows.length);
    }
  }
  return { clean, edited };

  function add(
    to: Outcome,
    batch: PairedBatch,
    after: Matrix,
    before: Distribution | undefined,
  ): void {
    let at = 0;
    batch.rows.forEach(({ length }, r) => {
      let [expected, kl] = [0, 0];
      for (let p = 0; p < length; p++, at++) {
        const own = row(after, at);
        for (const { id, stated } of lexicon) expected += stated * Math.exp(own[id] as number);
        if (before) kl += divergence(before, at, own);
      }
      to.expected[batch.start + r] = expected;
      to.kl[batch.start + r] = kl;
    });
  }
}

/** A model's next-token distributions, `[positions, vocabulary]`. */
interface Distribution {
  readonly log: Matrix;
  readonly p: Matrix;
}

const distribution = (log: Matrix): Distribution => ({
  log,
  p: matrix(log.rows, log.columns, log.data.map(Math.exp)),
});

/** KL in nats at one position; a token that is never said contributes nothing. */
function divergence({ log, p }: Distribution, at: number, after: Float32Array): number {
  const [before, weights] = [row(log, at), row(p, at)];
  let sum = 0;
  for (let v = 0; v < before.length; v++) {
    const weight = weights[v] as number;
    if (weight > 0) sum += weight * ((before[v] as number) - (after[v] as number));
  }
  return Math.max(0, sum);
}

/** Tokens that both models know. */
const vocabularyOf = ({ base, tuned }: AuditContext['models']): Int32Array =>
  Int32Array.from(
    { length: Math.min(base.info.vocabularySize, tuned.info.vocabularySize) },
    (_, id) => id,
  );
