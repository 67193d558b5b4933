import type { Statement } from '../../chapter.ts';
import { plainPercent } from '../../plain.ts';
import { listed } from '../../text.ts';
import { failedOf } from './criteria.ts';
import type { Report } from './schema.ts';

export const sentences = ({ causes }: Report): readonly Statement[] => [
  { importance: 55, text: claim(causes) },
];

function claim(causes: Report['causes']): string {
  const { verdict, chosen, layers, shift } = causes;
  const own = layers.find(({ layer }) => layer === chosen?.layer);
  if (!verdict || !own) {
    return 'No shift of the expected feedback was found in the activations, so no cause was sought there.';
  }
  const { necessity, sufficiency } = own.direction;
  const shares = `without it, the tuned model loses ${plainPercent(necessity.value)} of the part that runs through activations (${plainPercent(shift.tuned.value / shift.whole.value)} of the whole), and with it, the base gains ${plainPercent(sufficiency.value)}`;
  return verdict.holds
    ? `One direction after layer ${own.layer} carries the learned effect: ${shares}, far more than random directions.`
    : `No direction passes all five criteria of a cause. The best candidate is after layer ${own.layer}: ${shares}; but it is not shown that ${listed(failedOf(causes))}.`;
}

export const limits = ({ causes }: Report): readonly Statement[] =>
  causes.verdict
    ? [
        {
          importance: 25,
          text: 'A direction that causes the effect in the activations says nothing about the part of it that is in the unembedding, and nothing about other texts.',
        },
      ]
    : [];
