import type { ChatModel, PreferencePair, Property, Random } from '@feedprint/core';
import { judgedProperty, proposeProperties, repliesOf } from '@feedprint/feedback';
import type { DescribedProperty } from '@feedprint/feedback';
import { agreedAnnotations, groupKFold } from '@feedprint/probe';
import type { AnnotationAgreement } from '@feedprint/probe';

export interface DiscoverOptions {
  readonly pairs: readonly PreferencePair[];
  /** Describes what it sees in one half of the pairs. */
  readonly describer: ChatModel;
  /** Annotate the other half, apart from each other; the first one also measures what is kept. */
  readonly judges: readonly [ChatModel, ChatModel];
  readonly random: Random;
  /** Kappa that the judges must exceed. Default 0.6. */
  readonly least?: number;
  /** Descriptions that are tested at most, the first ones. Default: all. */
  readonly most?: number;
}

export interface DiscoveredProperties {
  /** Properties on which the judges agree. */
  readonly properties: readonly Property[];
  /** What was described, kept or not. */
  readonly tested: readonly (DescribedProperty & AnnotationAgreement)[];
  /** Indices of the pairs that no description has seen: what the properties may be tested on. */
  readonly unseen: Int32Array;
}

/**
 * Properties in words: described by a chat model on one half of the pairs, annotated by two judges on the replies of
 * the other half, which see neither labels nor other replies, and kept where the judges agree. Prompts are in one half
 * only. Throws `config-invalid` for pairs of fewer than two prompts; errors of the chat models (`service-failed`) pass
 * through.
 */
export async function discoverProperties({
  pairs,
  describer,
  judges: [judge, second],
  random,
  least = 0.6,
  most = Infinity,
}: DiscoverOptions): Promise<DiscoveredProperties> {
  const prompts = pairs.map(({ prompt }, i) => (prompt === '' ? i : prompt));
  const [half] = groupKFold(prompts, 2, random.fork('halves'));
  const at = (rows: Int32Array | undefined): PreferencePair[] =>
    Array.from(rows ?? [], (i) => pairs[i] as PreferencePair);
  const preferred = at(half?.train).filter(({ tie }) => !tie);
  const proposed = await proposeProperties({ chat: describer, pairs: preferred });
  const described = proposed.slice(0, most);
  const replies = at(half?.test).flatMap(repliesOf);
  const judged = described.map((property) => judgedProperty({ chat: judge, ...property }));
  const annotations = [];
  for (const [p, { name, definition }] of described.entries()) {
    annotations.push({
      name,
      first: (await judged[p]?.measure(replies)) ?? [],
      second: await judgedProperty({ chat: second, name, definition }).measure(replies),
    });
  }
  const tested = agreedAnnotations(annotations, { least }).map((agreement, p) => ({
    ...(described[p] as DescribedProperty),
    ...agreement,
  }));
  return {
    properties: judged.filter((_, p) => tested[p]?.kept),
    tested,
    unseen: half?.test ?? new Int32Array(),
  };
}
