import { FeedprintError, assertFinite, matrix, row } from '@feedprint/core';
import type { Matrix, SaeWeights, Site, SparseAutoencoder } from '@feedprint/core';
import { Graph, add, createSession, gather, matmul, neg } from '@feedprint/graph';
import type { GraphEdit, Session, Tensor } from '@feedprint/graph';
import { architectureOf, encodeTensor } from './architectures/architectures.ts';
import { checkKind } from './architectures/kinds.ts';
import type { SaeKind } from './architectures/kinds.ts';
import { decodeTensor } from './architectures/sae-tensors.ts';
import type { SaeTensors } from './architectures/sae-tensors.ts';

export interface SaeOptions {
  readonly site: Site;
  readonly architecture: SaeKind;
  readonly weights: SaeWeights;
  readonly threads?: number;
}

/** An SAE that also says how its features are computed. */
export interface GraphSae extends SparseAutoencoder {
  readonly architecture: SaeKind;
}

/** Rows encoded at once. */
const BATCH = 4096;

/** Makes an SAE from weights. Throws `shape-mismatch`, `numbers-invalid`, or `config-invalid` for more active features than the SAE has. */
export function createSae({ site, architecture, threads, ...options }: SaeOptions): GraphSae {
  const { rows: dIn, columns: dSae } = options.weights.wEnc;
  checkWeights(options.weights, dIn, dSae);
  checkKind(architecture, dSae);
  const extra = extraOf(options.weights, architecture, dSae);
  const weights: SaeWeights = { ...options.weights, extra };
  const sessions = new Map<string, Promise<Session>>();
  const session = (
    name: string,
    width: number,
    build: (sae: SaeTensors, x: Tensor) => Tensor,
  ): Promise<Session> => {
    const known = sessions.get(name);
    if (known) return known;
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['rows', width]);
    const made = createSession(graph, {
      outputs: { y: build(constants(graph), x) },
      ...(threads !== undefined && { threads }),
    });
    sessions.set(name, made);
    return made;
  };
  const constants = (graph: Graph): SaeTensors => ({
    wEnc: graph.constant(weights.wEnc.data, [dIn, dSae]),
    bEnc: graph.constant(weights.bEnc, [dSae]),
    wDec: graph.constant(weights.wDec.data, [dSae, dIn]),
    bDec: graph.constant(weights.bDec, [dIn]),
    extra: Object.fromEntries(
      Object.entries(extra).map(([name, vector]) => [name, graph.constant(vector, [dSae])]),
    ),
  });
  const encode = async (x: Matrix): Promise<Matrix> => {
    checkWidth('activations', x, dIn);
    const made = session('encode', dIn, (sae, t) => encodeTensor(architecture, sae, t));
    return runInBatches(await made, x, dSae);
  };
  const decode = async (z: Matrix): Promise<Matrix> => {
    checkWidth('features', z, dSae);
    return runInBatches(await session('decode', dSae, decodeTensor), z, dIn);
  };

  return {
    kind: architecture.kind,
    architecture,
    site,
    dIn,
    dSae,
    weights,
    encode,
    decode,
    ablate(listed) {
      checkFeatures(listed, dSae);
      const features = [...new Set(listed)];
      if (features.length === 0) return unchanged(site);
      return {
        site,
        splice(x) {
          const sae = constants(x.graph);
          const chosen = x.graph.constant(Int32Array.from(features), [features.length]);
          const z = gather(encodeTensor(architecture, sae, x), chosen, -1);
          return add(x, neg(matmul(z, gather(sae.wDec, chosen))));
        },
        async apply(x) {
          return subtractFeatures(x, await encode(x), weights.wDec, features);
        },
      } satisfies GraphEdit;
    },
    reconstruct() {
      return {
        site,
        splice(x) {
          const sae = constants(x.graph);
          return decodeTensor(sae, encodeTensor(architecture, sae, x));
        },
        apply: async (x) => decode(await encode(x)),
      } satisfies GraphEdit;
    },
    async dispose() {
      for (const made of sessions.values()) await (await made).dispose();
      sessions.clear();
    },
  };
}

/** The edit for no features: the activations pass through untouched, so that the model's output stays the same bit for bit. */
function unchanged(site: Site): GraphEdit {
  return { site, splice: (x) => x, apply: (x) => x };
}

function subtractFeatures(x: Matrix, z: Matrix, wDec: Matrix, features: readonly number[]): Matrix {
  const result = matrix(x.rows, x.columns, x.data.slice());
  for (let r = 0; r < x.rows; r++) {
    const target = row(result, r);
    for (const feature of features) {
      const activation = z.data[r * z.columns + feature] as number;
      if (activation === 0) continue;
      const direction = row(wDec, feature);
      for (let i = 0; i < target.length; i++) {
        target[i] = (target[i] as number) - activation * (direction[i] as number);
      }
    }
  }
  return result;
}

async function runInBatches(session: Session, x: Matrix, columns: number): Promise<Matrix> {
  const result = matrix(x.rows, columns);
  for (let start = 0; start < x.rows; start += BATCH) {
    const end = Math.min(x.rows, start + BATCH);
    const data = x.data.subarray(start * x.columns, end * x.columns);
    const { y } = await session.run({ x: { data, shape: [end - start, x.columns] } });
    result.data.set(y?.data as Float32Array, start * columns);
  }
  return result;
}

function checkWeights({ wEnc, bEnc, wDec, bDec }: SaeWeights, dIn: number, dSae: number): void {
  const fits =
    wDec.rows === dSae && wDec.columns === dIn && bEnc.length === dSae && bDec.length === dIn;
  if (!fits) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `an SAE with wEnc [${dIn}, ${dSae}] has wDec [${wDec.rows}, ${wDec.columns}], bEnc [${bEnc.length}], bDec [${bDec.length}]`,
      remedy: 'pass wDec [dSae, dIn], bEnc [dSae] and bDec [dIn]',
    });
  }
  for (const [name, data] of Object.entries({ wEnc: wEnc.data, bEnc, wDec: wDec.data, bDec })) {
    assertFinite(data, `SAE weight ${name}`);
  }
}

/** The vectors that the architecture has besides the four weights. */
function extraOf(
  { extra = {} }: SaeWeights,
  architecture: SaeKind,
  dSae: number,
): Record<string, Float32Array> {
  const vectors = architectureOf(architecture).extra.map((name) => {
    const vector = extra[name];
    if (vector?.length !== dSae) {
      throw new FeedprintError({
        code: 'shape-mismatch',
        message: `an SAE of kind ${architecture.kind} needs ${name} [${dSae}], got ${vector ? `[${vector.length}]` : 'none'}`,
        remedy: `pass ${name} among the weights' extra vectors`,
      });
    }
    assertFinite(vector, `SAE weight ${name}`);
    return [name, vector] as const;
  });
  return Object.fromEntries(vectors);
}

function checkWidth(what: string, { columns }: Matrix, expected: number): void {
  if (columns === expected) return;
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `the SAE takes ${what} of ${expected} columns, not ${columns}`,
    remedy: 'use the SAE of the site that they come from',
  });
}

function checkFeatures(features: readonly number[], dSae: number): void {
  const bad = features.find((f) => !(Number.isInteger(f) && f >= 0 && f < dSae));
  if (bad === undefined) return;
  throw new FeedprintError({
    code: 'usage',
    message: `feature ${bad} does not exist in an SAE of ${dSae} features`,
    remedy: 'number features from 0',
  });
}
