import { FeedprintError } from '@feedprint/core';
import type {
  Edit,
  Matrix,
  ModelInfo,
  RunRequest,
  RunResult,
  Site,
  TokenRows,
} from '@feedprint/core';
import { loadRuntime } from '@feedprint/graph';
import { checkToken, packRows } from '../model/token-batch.ts';
import type { TokenBatch } from '../model/token-batch.ts';
import type { Tensors } from './compiled-segments.ts';
import { feedInput } from './feeds.ts';
import type { FeedSettings } from './feeds.ts';
import type { FoundSite, FoundSites } from './find-sites.ts';
import type { GraphIndex } from './graph-index.ts';
import type { OnnxPasses } from './onnx-passes.ts';
import { repad, scoresOf, unpad } from './pass-rows.ts';

export interface OnnxRunnerParts {
  readonly file: string;
  readonly index: GraphIndex;
  readonly passes: OnnxPasses;
  readonly sites: Pick<FoundSites, 'found' | 'missing'>;
  readonly info: ModelInfo;
  readonly feeds: FeedSettings;
  /** The output that contains the logits, if there is one. */
  readonly logits: string | undefined;
}

/** Runs token rows through a graph, applying edits in the order of the forward pass. */
export function createOnnxRunner(parts: OnnxRunnerParts) {
  const { index, passes, info } = parts;
  const found = new Map(parts.sites.found.map((site) => [site.site, site]));
  const siteOf = (site: Site): FoundSite => {
    const known = found.get(site);
    if (known) return known;
    throw notFound(site, parts.sites);
  };

  return async function run(rows: TokenRows, request: RunRequest): Promise<RunResult> {
    const batch = packRows(rows, info);
    checkRequest(request, parts, batch);
    const edits = request.edits ?? [];
    const capture = (request.capture ?? []).map(siteOf);
    const splits = orderOf(
      index,
      edits.map(({ site }) => siteOf(site).tensor),
    );
    const wantsLogits =
      (request.logits ?? 'none') !== 'none' || request.tokenLogProbs || request.logProbsOf;
    const targets = [...new Set(capture.map(({ tensor }) => tensor))];
    if (wantsLogits) targets.push(parts.logits as string);
    const activations = new Map<Site, Matrix>();
    if (targets.length === 0 && splits.length === 0) return { activations };

    const ort = await loadRuntime();
    const tensors: Tensors = new Map(
      index.graph.inputs
        .filter(({ name }) => !index.graph.initializers.has(name))
        .map((input) => [input.name, feedInput(ort, input, batch, parts.feeds)]),
    );
    await passes.run({ splits, targets }, tensors, async (name) => {
      const tensor = tensors.get(name);
      if (!tensor) return;
      const plain = unpad(name, tensor, batch);
      let edited = plain;
      // One tensor can be the end of one block and the beginning of the next: an edit at the later site is not visible
      // at the earlier one.
      for (const { site } of parts.sites.found.filter((s) => s.tensor === name)) {
        edited = await applyAll(edits, site, edited, batch);
        if (capture.some((s) => s.site === site)) activations.set(site, edited);
      }
      if (edited !== plain) tensors.set(name, repad(ort, tensor, edited, batch));
    });
    for (const { site, tensor } of capture) {
      if (splits.includes(tensor)) continue;
      activations.set(site, unpad(site, taken(tensors, tensor), batch));
    }
    if (!wantsLogits) return { activations };
    const last = taken(tensors, parts.logits as string);
    if (info.labels) return { activations, logits: unpad('logits', last, perRow(batch)) };
    return { activations, ...scoresOf(unpad('logits', last, batch), request, batch) };
  };
}

async function applyAll(
  edits: readonly Edit[],
  site: Site,
  plain: Matrix,
  { position }: TokenBatch,
): Promise<Matrix> {
  let edited = plain;
  for (const edit of edits) if (edit.site === site) edited = await edit.apply(edited, position);
  return edited;
}

const taken = (tensors: Tensors, name: string) =>
  tensors.get(name) as NonNullable<ReturnType<Tensors['get']>>;

/** A batch with one position per row, as a classifier's scores have. */
const perRow = (batch: TokenBatch): TokenBatch => ({
  ...batch,
  length: 1,
  kept: Int32Array.from({ length: batch.batch }, (_, i) => i),
});

/** Distinct tensors in the order in which they are computed. */
function orderOf(index: GraphIndex, tensors: readonly string[]): string[] {
  return [...new Set(tensors)].sort((a, b) => (index.maker(a) ?? -1) - (index.maker(b) ?? -1));
}

function checkRequest(
  { logits = 'none', tokenLogProbs, logProbsOf }: RunRequest,
  { file, info, feeds, logits: output }: OnnxRunnerParts,
  { batch, length, kept }: TokenBatch,
): void {
  logProbsOf?.forEach((id) => checkToken(id, info));
  if (logits === 'none' && !tokenLogProbs && !logProbsOf) return;
  const refused = (message: string, remedy: string): FeedprintError =>
    new FeedprintError({ code: 'usage', message, remedy });
  if (output === undefined) {
    throw refused(
      `${file} outputs no logits`,
      'export it for text generation, or only capture sites',
    );
  }
  if (!info.labels) return;
  if (logits === 'all' || tokenLogProbs || logProbsOf) {
    throw refused(
      'a classifier gives scores of its labels, not probabilities of tokens',
      "ask for logits: 'last'",
    );
  }
  if (feeds.paddingId === undefined && kept.length < batch * length) {
    throw refused(
      'the classifier cannot tell padding from text: its config.json has no pad_token_id',
      'run texts of different lengths one by one',
    );
  }
}

function notFound(
  site: Site,
  { found, missing }: Pick<FoundSites, 'found' | 'missing'>,
): FeedprintError {
  const [, layer, part] = /^blocks\.(\d+)\.(.*)$/.exec(site) ?? [];
  const names = ['blocks.*', site, `blocks.*.${part}`];
  const known = missing.find((one) => names.includes(one.site));
  const why = layer !== undefined && known ? `: ${known.reason}` : '';
  const some = found.slice(0, 5).map((one) => one.site);
  return new FeedprintError({
    code: 'usage',
    message: `the model has no site ${site}${why}`,
    remedy:
      some.length > 0 ? `use one of its sites, such as ${some.join(', ')}` : 'use another export',
  });
}
