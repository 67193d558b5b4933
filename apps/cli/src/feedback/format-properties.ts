import type {
  PairsOfProperty,
  PropertyEffect,
  PropertyMoments,
  RepliesOfProperty,
} from '@feedprint/feedback';
import { numberTable, percent } from '../tables.ts';

/** A line per property, those in which chosen and rejected replies differ most first. */
export function formatPairProperties(found: readonly PairsOfProperty[]): string {
  const size = ({ difference }: PairsOfProperty): number => Math.abs(difference?.effect ?? 0);
  return numberTable([
    ['property', 'difference (sd)', '95 %', 'chosen', 'rejected', 'sd', 'have it', 'n'],
    ...[...found]
      .sort((a, b) => size(b) - size(a))
      .map(({ name, chosen, rejected, difference }) => [
        name,
        difference ? signed(difference.effect) : '-',
        intervalOf(difference),
        short(chosen.mean),
        short(rejected.mean),
        short(Math.sqrt((chosen.sd ** 2 + rejected.sd ** 2) / 2)),
        percent((chosen.share + rejected.share) / 2),
        `${difference?.n ?? Math.min(chosen.n, rejected.n)}`,
      ]),
  ]);
}

/** A line per property. */
export const formatReplyProperties = (found: readonly RepliesOfProperty[]): string =>
  numberTable([
    ['property', 'mean', 'sd', 'have it', 'n'],
    ...found.map((property) => [property.name, ...cellsOf(property)]),
  ]);

const cellsOf = ({ mean, sd, share, n }: PropertyMoments): readonly string[] => [
  short(mean),
  short(sd),
  n > 0 ? percent(share) : '-',
  `${n}`,
];

const intervalOf = (difference: PropertyEffect | null): string =>
  difference ? `[${signed(difference.low)}, ${signed(difference.high)}]` : '-';

const signed = (value: number): string => `${value > 0 ? '+' : ''}${value.toFixed(3)}`;

const short = (value: number): string =>
  Number.isNaN(value) ? '-' : `${Number(value.toPrecision(3))}`;
