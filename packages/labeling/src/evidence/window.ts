import type { ActivationExample } from '@feedprint/core';

/** What a feature does on some texts. */
export interface FeatureTexts {
  readonly id: string;
  /** Token ids of each text. */
  readonly rows: readonly ArrayLike<number>[];
  /** Text of a token, leading space kept. */
  readonly tokenText: (token: number) => string;
  /** The feature's activation at every token of every text. */
  readonly activations: readonly Float32Array[];
  /** The same of the feature whose decoder vector is most like this one's. */
  readonly neighbour?: readonly Float32Array[];
}

/** How many windows of each kind, for one purpose. */
export interface WindowCounts {
  /** The strongest ones. */
  readonly top: number;
  /** One from each of so many equal shares of the others, by strength. */
  readonly quantile: number;
  /** Any others. */
  readonly random: number;
  /** Silent ones drawn at random. */
  readonly silent: number;
  /** Silent ones where the neighbouring feature fires. */
  readonly neighbour: number;
  /** Silent ones whose tokens are most like those of active windows. */
  readonly similar: number;
}

/** Tokens to each side of a window's centre. */
const reach = 10;

/** The window of a text around a token. */
export function cutWindow(
  { rows, activations, tokenText }: Pick<FeatureTexts, 'rows' | 'activations' | 'tokenText'>,
  text: number,
  centre: number,
  kind: string,
): ActivationExample {
  const [from, to] = [Math.max(0, centre - reach), centre + reach + 1];
  return {
    tokens: Array.from(rows[text] ?? [])
      .slice(from, to)
      .map(tokenText),
    activations: Array.from(activations[text] ?? []).slice(from, to),
    kind,
  };
}
