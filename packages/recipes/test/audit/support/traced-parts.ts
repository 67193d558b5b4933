import { basename } from 'node:path';
import { matrix } from '@feedprint/core';
import type { FeatureEvidence, LanguageModel, Matrix, SparseAutoencoder } from '@feedprint/core';
import { createFakeModel, pushed, stated, words } from './fake-model.ts';
import { createFakeParts } from './fake-parts.ts';
import type { FakeParts } from './fake-parts.ts';
import { axisFormat } from './fake-sae.ts';

/** What one generation did to activations of ones at the first site. */
export interface TracedGeneration {
  readonly model: string;
  readonly edits: number;
  readonly activations: readonly number[];
}

export interface Trace {
  readonly generations: TracedGeneration[];
  readonly evidence: Map<string, FeatureEvidence>;
  /** Site of an SAE, and layer of the activations that it was given. */
  readonly encoded: { readonly site: string; readonly layer: number }[];
  /** Names of the stages whose SAEs were matched. */
  readonly matched: (readonly [string, string])[];
}

/** Units of the fake model by which feature of the small SAEs of either model reads them; one more unit is read by none. */
const rotation = { tuned: 1, base: 2 } as const;
/** The unit that no feature reads: what the SAEs do not reconstruct. */
const UNREAD = 3;

/** The unit that a feature of the tuned model's SAEs reads. */
export const unitOf = (feature: number): number => (feature + rotation.tuned) % 4;

/**
 * Fake parts with what the released code confused kept apart: features are not units, the dictionaries of the models
 * differ, reconstruction leaves a unit out, there are two layers, and positive words are as strong as their feedback.
 */
export function createTracedParts(changes: Partial<FakeParts> = {}): FakeParts & {
  readonly trace: Trace;
} {
  const trace: Trace = { generations: [], evidence: new Map(), encoded: [], matched: [] };
  const stageOf = new Map<SparseAutoencoder, string>();
  const plain = createFakeParts();
  const parts: FakeParts = {
    ...plain,
    loadModel: (_, role) =>
      Promise.resolve(
        traceModel(createFakeModel(role, role === 'base' ? {} : pushed, { info }), trace),
      ),
    divergence: {
      ...plain.divergence,
      measure: () => [0, 1].map((layer) => ({ layer, l2: 2, relativeL2: 0.5 })),
    },
    saeFormat: {
      ...axisFormat,
      load: async (folder) => {
        const stage = basename(folder);
        const role = stage.includes('-base-') ? 'base' : 'tuned';
        const sae = rotated(await axisFormat.load(folder), rotation[role], trace);
        stageOf.set(sae, stage.replace(/-L.*/, ''));
        return sae;
      },
    },
    matcher: {
      ...plain.matcher,
      match: (a, b) => {
        trace.matched.push([stageOf.get(a) ?? '', stageOf.get(b) ?? '']);
        return plain.matcher.match(a, b);
      },
    },
    // Related is what reads the unit that carries the push.
    labeler: {
      ...plain.labeler,
      explain: (evidence) => {
        trace.evidence.set(evidence.id, evidence);
        return plain.labeler.explain(evidence);
      },
      classify: (explanation) =>
        Promise.resolve({
          related: unitOf(Number(explanation.split('/').at(-1))) === 0,
          confidence: 1,
        }),
    },
    ...changes,
  };
  return { ...parts, trace };
}

const info = { layers: 2, contextLength: 64 };
const sites = [0, 1].map((layer) => ({ site: `blocks.${layer}.hook_mlp_out`, layer, width: 4 }));
const [first, second] = sites.map(({ site }) => site) as [string, string];
/** Added to the unread unit in the second layer. */
const MARK = 100;

/** Two sites of one model: only edits of the first act. */
function traceModel(model: LanguageModel, trace: Trace): LanguageModel {
  return {
    ...model,
    sites,
    async run(rows, request) {
      const edits = (request.edits ?? []).filter(({ site }) => site === first);
      const result = await model.run(rows, { ...request, edits, capture: [first] });
      const x = result.activations.get(first) as Matrix;
      const ids = rows.flatMap((row) => Array.from(row));
      const strong = x.data.map((value, i) => {
        const feedback = Math.abs(stated[words[(ids[Math.floor(i / 4)] as number) - 1] ?? ''] ?? 1);
        return i % 4 === 1 || i % 4 === 2 ? value * feedback : value;
      });
      const layers = new Map([
        [first, matrix(x.rows, x.columns, strong)],
        [
          second,
          matrix(
            x.rows,
            x.columns,
            strong.map((value, i) => value + (i % 4 === UNREAD ? MARK : 0)),
          ),
        ],
      ]);
      const wanted = request.capture ?? [];
      return { ...result, activations: new Map([...layers].filter(([s]) => wanted.includes(s))) };
    },
    async generate(prompts, sampling) {
      const edits = (sampling.edits ?? []).filter(({ site }) => site === first);
      let x = matrix(1, 4, Float32Array.of(1, 1, 1, 1));
      for (const edit of edits) x = await edit.apply(x, Int32Array.of(0));
      trace.generations.push({
        model: model.name,
        edits: edits.length,
        activations: Array.from(x.data),
      });
      return model.generate(prompts, { ...sampling, edits });
    },
  };
}

/** A dictionary whose feature f reads unit f + by, unless none reads that. */
function rotated(axes: SparseAutoencoder, by: number, trace: Trace): SparseAutoencoder {
  const { dIn, dSae, site } = axes;
  const unit = (feature: number): number | undefined => {
    const at = (feature + by) % dIn;
    return feature < dIn && at !== UNREAD ? at : undefined;
  };
  const features = Array.from({ length: dSae }, (_, f) => f);
  const decode = (z: Matrix): Matrix => {
    const x = matrix(z.rows, dIn);
    for (let r = 0; r < z.rows; r++) {
      for (const f of features) {
        const at = unit(f);
        if (at !== undefined) x.data[r * dIn + at] = z.data[r * dSae + f] as number;
      }
    }
    return x;
  };
  const encode = (x: Matrix): Matrix => {
    const z = matrix(x.rows, dSae);
    for (let r = 0; r < x.rows; r++) {
      for (const f of features) {
        const at = unit(f);
        if (at !== undefined) z.data[r * dSae + f] = x.data[r * dIn + at] as number;
      }
    }
    return z;
  };
  return {
    ...axes,
    encode: (x) => {
      if (x.rows > 0) {
        trace.encoded.push({ site, layer: (x.data[UNREAD] as number) >= MARK ? 1 : 0 });
      }
      return Promise.resolve(encode(x));
    },
    decode: (z) => Promise.resolve(decode(z)),
    ablate: (off) => ({
      site,
      apply: (x) => {
        const units = off.map(unit);
        const data = x.data.map((value, i) => (units.includes(i % dIn) ? 0 : value));
        return matrix(x.rows, dIn, data);
      },
    }),
    reconstruct: () => ({ site, apply: (x) => decode(encode(x)) }),
  };
}
