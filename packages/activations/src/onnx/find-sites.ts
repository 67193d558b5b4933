import type { SiteInfo } from '@feedprint/core';
import { lastProjections } from './cone.ts';
import type { Branch, Block } from './follow-stream.ts';
import { findEmbeddings, followStream } from './follow-stream.ts';
import type { GraphIndex } from './graph-index.ts';
import { nameWeights } from './weight-layers.ts';
import { constantShape } from './constant-shape.ts';

/** A site, with the tensor of the graph that holds its activations. */
export interface FoundSite extends SiteInfo {
  readonly tensor: string;
}

/** A site that a graph does not expose, and why. */
export interface MissingSite {
  /** A site, or a pattern for several: `blocks.*.hook_resid_mid`. */
  readonly site: string;
  readonly reason: string;
}

export interface FoundSites {
  /** In the order of the forward pass. */
  readonly found: readonly FoundSite[];
  readonly missing: readonly MissingSite[];
  /** Block that each weight belongs to, for weights that only one block uses. */
  readonly layerOfWeight: ReadonlyMap<string, number>;
}

/** What `config.json` says about the network. */
export interface Expected {
  readonly layers: number | undefined;
  readonly width: number;
  /** Units of the MLP, if stated. */
  readonly innerWidth: number | undefined;
}

/** Finds the sites by the structure of the graph, whatever its tensors are called. */
export function findSites(index: GraphIndex, ids: string, expected: Expected): FoundSites {
  const embeddings = findEmbeddings(index, ids);
  if (embeddings === undefined) {
    return nothing(`no lookup of ${ids} in a table of embeddings was found`);
  }
  const blocks = followStream(index, embeddings);
  if (blocks.length === 0) return nothing('nothing is added to the token embeddings');
  if (expected.layers !== undefined && blocks.length !== expected.layers) {
    return nothing(
      `the residual stream could be followed through ${blocks.length} blocks, config.json says ${expected.layers}`,
    );
  }
  const found: FoundSite[] = [];
  const missing: MissingSite[] = [];
  blocks.forEach((block, layer) => {
    const add = (
      name: string,
      tensor: string | undefined,
      width: number | undefined,
      why: string,
    ): void => {
      const site = `blocks.${layer}.${name}`;
      if (tensor !== undefined && width !== undefined) found.push({ site, tensor, layer, width });
      else missing.push({ site, reason: why });
    };
    const addInput = (name: string, branch: Branch | undefined, fallback?: number): void => {
      const { tensor, width, why } = inputOfLast(index, branch);
      add(name, tensor, width ?? fallback, why);
    };
    const { width, innerWidth } = expected;
    const { pre, attention, mid, mlp, post } = block;
    add('hook_resid_pre', pre, width, '');
    addInput('attn.hook_z', attention);
    add('hook_attn_out', attention?.tensor, width, 'the block adds nothing that attends');
    if (mid !== undefined || !isParallel(block)) {
      add('hook_resid_mid', mid, width, 'nothing lies between attention and MLP');
    }
    addInput('mlp.hook_post', mlp, innerWidth);
    add('hook_mlp_out', mlp?.tensor, width, 'the block adds nothing besides attention');
    add('hook_resid_post', post, width, '');
  });
  const parallel = [...blocks.keys()].filter((layer) => isParallel(blocks[layer] as Block));
  const which = parallel.length === blocks.length ? ['*'] : parallel;
  for (const layer of which) {
    missing.push({
      site: `blocks.${layer}.hook_resid_mid`,
      reason: 'attention and MLP read the same residual stream, so nothing lies between them',
    });
  }
  return { found, missing, layerOfWeight: nameWeights(index, blocks) };
}

const isParallel = ({ attention, mlp, mid }: Block): boolean =>
  attention !== undefined && mlp !== undefined && mid === undefined;

/** The input of the projection that ends a branch. */
function inputOfLast(
  index: GraphIndex,
  branch: Branch | undefined,
): { tensor?: string; width?: number; why: string } {
  if (!branch) return { why: 'the branch was not found' };
  const [last, ...others] = lastProjections(index, branch.tensor, branch.cone);
  if (!last || others.length > 0) {
    const count = last ? others.length + 1 : 'no';
    return { why: `the branch ends in ${count} products with a weight instead of one` };
  }
  const why = `the shape of ${last.weight} is not stated`;
  const width = widthOf(index, last);
  return { tensor: last.input, ...(width !== undefined && { width }), why };
}

function widthOf(
  index: GraphIndex,
  { node, weight }: ReturnType<typeof lastProjections>[number],
): number | undefined {
  const packed = node.attributes.get('K')?.int;
  if (packed !== undefined) return packed;
  const shape = constantShape(index, weight);
  const transposed = (node.attributes.get('transB')?.int ?? 0) !== 0;
  return shape?.at(transposed ? -1 : -2);
}

const nothing = (reason: string): FoundSites => ({
  found: [],
  missing: [{ site: 'blocks.*', reason }],
  layerOfWeight: new Map(),
});
