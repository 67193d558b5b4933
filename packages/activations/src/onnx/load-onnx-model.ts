import { basename, dirname, resolve } from 'node:path';
import type { LanguageModel, ModelInfo, Tokenizer } from '@feedprint/core';
import type { RuntimeOptions } from '@feedprint/graph';
import { fingerprintOf } from '../checkpoint/fingerprint.ts';
import { readTokenizer } from '../checkpoint/tokenizer.ts';
import { assertVocabulary } from '../checkpoint/vocabulary.ts';
import { generate } from '../generation/generate.ts';
import { assertCausal } from './assert-causal.ts';
import { checkInputs } from './feeds.ts';
import { findSites } from './find-sites.ts';
import type { FoundSites, MissingSite } from './find-sites.ts';
import { indexGraph } from './graph-index.ts';
import { findFolderWith, readOnnxConfig } from './onnx-config.ts';
import type { OnnxConfig } from './onnx-config.ts';
import { unsupportedOnnx } from './onnx-model.ts';
import type { OnnxFile, OnnxGraph, OnnxValue } from './onnx-model.ts';
import { onnxParameters } from './onnx-parameters.ts';
import { createOnnxPasses } from './onnx-passes.ts';
import { toPlainGraph } from './plain-graph.ts';
import { readOnnx } from './read-onnx.ts';
import { createOnnxRunner } from './run-onnx.ts';

export interface OnnxLoadOptions extends RuntimeOptions {
  /** Folder with the model's `tokenizer.json`. Default: the model's folder or the one above. */
  readonly tokenizer?: string;
}

/** How an ONNX graph was understood. */
export interface OnnxImport {
  /** Sites that were found. */
  readonly found: readonly string[];
  /** Sites that were not, with the reason. */
  readonly missing: readonly MissingSite[];
  /**
   * Operators that work on quantised weights: `parameters` leaves these weights out, and results differ from the
   * original model's.
   */
  readonly quantised: readonly string[];
}

/** A language model that runs an ONNX graph exported by other tools. */
export interface OnnxLanguageModel extends LanguageModel {
  readonly import: OnnxImport;
}

/** Names of operators on quantised numbers. */
const QUANTISED = /NBits|Quantize|QLinear|Integer|QAttention|Quantized|QMoE/;

/**
 * Loads a language model from an ONNX file as exported by Optimum, onnx-community and onnxruntime-genai, with
 * `config.json` and `tokenizer.json` next to it or one folder up. Sites are found by the graph's structure; `import`
 * lists those that were not. Throws `checkpoint-invalid` (also for weights outside the model's folder) or
 * `checkpoint-unsupported`.
 */
export async function loadOnnxModel(
  file: string,
  { tokenizer: tokenizerFolder, ...runtime }: OnnxLoadOptions = {},
): Promise<OnnxLanguageModel> {
  const model = readOnnx(file);
  const graph = toPlainGraph(model);
  const inputs = graph.inputs.filter(({ name }) => !graph.initializers.has(name));
  checkInputs(file, inputs);
  if (!inputs.some(({ name }) => name === 'input_ids')) {
    throw unsupportedOnnx(file, 'it has no input_ids', 'use an export that starts from token ids');
  }
  const config = readOnnxConfig(file);
  const tokenizer = readTokenizer(
    tokenizerFolder ?? findFolderWith('tokenizer.json', file) ?? dirname(file),
  );
  const index = indexGraph(graph);
  const sites = findSites(index, 'input_ids', config);
  const logits = graph.outputs.find(({ name }) => name === 'logits');
  const info = toInfo(config, sites, logits, tokenizer);
  assertVocabulary(file, tokenizer, info.vocabularySize);
  const passes = createOnnxPasses(model, index, runtime);
  const run = createOnnxRunner({
    file,
    index,
    passes,
    sites,
    info,
    logits: logits?.name,
    feeds: {
      paddingId: config.paddingId,
      heads: config.cacheHeads,
      headSize: config.headSize,
    },
  });
  let fingerprint: string | undefined;
  const loaded: OnnxLanguageModel = {
    name: nameOf(file),
    get fingerprint() {
      return (fingerprint ??= fingerprintOf(JSON.stringify(config.json), weightFiles(file, model)));
    },
    info,
    tokenizer,
    sites: sites.found.map(({ tensor: _, ...site }) => site),
    import: {
      found: sites.found.map(({ site }) => site),
      missing: sites.missing,
      quantised: quantisedOperators(graph),
    },
    run,
    generate: (prompts, sampling) => generate(loaded, prompts, sampling),
    parameters: () => onnxParameters(file, graph, sites.layerOfWeight),
    dispose: () => passes.dispose(),
  };
  // Graphs traced with a cache and a single token may have lost the mask.
  if (/with_past/.test(basename(file))) await assertCausal(file, loaded);
  return loaded;
}

function toInfo(
  config: OnnxConfig,
  { found }: FoundSites,
  logits: OnnxValue | undefined,
  tokenizer: Tokenizer,
): ModelInfo {
  const isClassifier = logits?.shape?.length === 2;
  const last = logits?.shape?.at(-1);
  const scores = typeof last === 'number' ? last : undefined;
  const layers = config.layers ?? Math.max(0, ...found.map(({ layer = -1 }) => layer + 1));
  const size = isClassifier ? undefined : scores;
  const labels = config.labels ?? Array.from({ length: scores ?? 1 }, (_, i) => `LABEL_${i}`);
  return {
    architecture: config.architecture,
    layers,
    width: config.width,
    vocabularySize: size ?? config.vocabularySize ?? tokenizer.vocabularySize,
    contextLength: config.contextLength ?? Number.MAX_SAFE_INTEGER,
    ...(isClassifier && { labels }),
  };
}

/** The model's folder, whose name says more than `model.onnx`; for `onnx/`, the folder above. */
function nameOf(file: string): string {
  const folder = dirname(resolve(file));
  return basename(basename(folder) === 'onnx' ? dirname(folder) : folder);
}

function weightFiles(file: string, { graph }: OnnxFile): string[] {
  const files = [...graph.initializers.values()].flatMap(({ range }) => range?.file ?? []);
  return [...new Set([resolve(file), ...files.map((f) => resolve(f))])].sort();
}

const quantisedOperators = ({ nodes }: OnnxGraph): string[] =>
  [...new Set(nodes.map(({ operation }) => operation))].filter((name) => QUANTISED.test(name));
