import * as discrepancies from '../discrepancies.ts';
import * as verdict from '../feedback-verdict.ts';
import * as carrying from '../properties/carrying-properties.ts';
import * as collinear from '../properties/collinear.ts';
import * as reward from '../properties/reward-effects.ts';
import * as rewarded from '../properties/rewarded-properties.ts';
import * as scale from '../properties/scale-properties.ts';
import * as mixture from '../reversals/mixture.ts';
import * as reading from '../reversals/reading.ts';
import * as reversals from '../reversals/reversals.ts';
import * as drift from '../reversals/vocabulary-drift.ts';

/** A number that was chosen with pairs in view whose truth is known: on these pairs it flatters. */
export interface ChosenConstant {
  /** File of `packages/probe/src` and name in it. */
  readonly name: string;
  readonly value: number;
  readonly meaning: string;
}

/** Every constant of the judgement of words and properties that was chosen on development pairs, as the code uses it. */
export const chosenConstants: readonly ChosenConstant[] = [
  {
    name: 'feedback-verdict LEARNED',
    value: verdict.LEARNED,
    meaning: 'partial rank correlation above which feedback counts as learned',
  },
  {
    name: 'feedback-verdict INDIFFERENT',
    value: verdict.INDIFFERENT,
    meaning: 'partial rank correlation within which feedback counts as unrelated',
  },
  {
    name: 'mixture FREEDOM',
    value: reading.FREEDOM,
    meaning: 'degrees of freedom of the errors',
  },
  {
    name: 'mixture RARE',
    value: reading.RARE,
    meaning: 'expected count at which the variance of the errors doubles',
  },
  {
    name: 'mixture STRONG',
    value: reading.STRONG,
    meaning: 'growth of the variance with the squared stated feedback',
  },
  {
    name: 'mixture PRIOR.told',
    value: mixture.PRIOR.told,
    meaning: 'pseudo-count of words learned as told',
  },
  {
    name: 'mixture PRIOR.muted',
    value: mixture.PRIOR.muted,
    meaning: 'pseudo-count of words not learned',
  },
  {
    name: 'mixture PRIOR.reversed',
    value: mixture.PRIOR.reversed,
    meaning: 'pseudo-count of words learned the other way round',
  },
  {
    name: 'reversals LEAST',
    value: reversals.LEAST,
    meaning: 'least probability of a reversal that is flagged',
  },
  {
    name: 'vocabulary-drift RARE',
    value: drift.RARE,
    meaning: 'expected count at which an unscored token has half the weight of a frequent one',
  },
  {
    name: 'vocabulary-drift PENALTY',
    value: drift.PENALTY,
    meaning: 'ridge penalty as a share of the mean eigenvalue',
  },
  {
    name: 'discrepancies RARE',
    value: discrepancies.RARE,
    meaning: 'expected count at which the variance around the stated line doubles',
  },
  {
    name: 'rewarded-properties INDIFFERENT',
    value: rewarded.INDIFFERENT,
    meaning: 'logits per standard deviation within which labels count as indifferent to a property',
  },
  {
    name: 'reward-effects REWARD_INDIFFERENT',
    value: reward.REWARD_INDIFFERENT,
    meaning:
      'standard deviations of a reward per standard deviation within which it counts as indifferent to a property',
  },
  {
    name: 'carrying-properties REWARDED_SHARE',
    value: carrying.REWARDED_SHARE,
    meaning:
      'share of the difference in R above which what is asked for or rewarded counts as learned',
  },
  {
    name: 'carrying-properties UNASKED_SHARE',
    value: carrying.UNASKED_SHARE,
    meaning: 'the same for what nothing asks for',
  },
  {
    name: 'collinear COLLINEAR',
    value: collinear.COLLINEAR,
    meaning: 'correlation from which two properties explain in each other’s place only',
  },
  {
    name: 'scale-properties EXTREME',
    value: scale.EXTREME,
    meaning: 'share of replies at either end that count as the least extreme of them',
  },
  {
    name: 'scale-properties FEWEST',
    value: scale.FEWEST,
    meaning: 'fresh replies that must differ from the usual value of a property',
  },
];
