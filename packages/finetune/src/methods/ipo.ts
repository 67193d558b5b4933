import { div, mul, sub } from '@feedprint/graph';
import { replyLength } from '../token-sequence.ts';
import type { Method } from './method.ts';
import { preferenceMethod } from './preference.ts';
import type { PreferenceItem } from './preference.ts';
import { column } from './scalar.ts';

export interface IpoSettings {
  /** The paper's tau: how strongly the policy is held to the reference; default 0.1. */
  readonly beta?: number;
}

/**
 * Identity preference optimisation (Azar et al. 2023, arXiv 2310.12036, equation 17): the difference of both replies'
 * log-ratios, each per token, is to be 1 / (2 beta). Per token as its authors do, and TRL.
 */
export const ipo = ({ beta = 0.1 }: IpoSettings = {}): Method<PreferenceItem> =>
  preferenceMethod({
    name: 'ipo',
    settings: { beta },
    feeds: (items) => ({
      chosenTokens: column(items.map(({ chosen }) => replyLength(chosen))),
      rejectedTokens: column(items.map(({ rejected }) => replyLength(rejected))),
    }),
    losses({ chosen, rejected, referenceChosen, referenceRejected }, { graph }) {
      const tokens = (name: string) => graph.input(name, 'float32', ['pairs', 1]);
      const ofChosen = div(sub(chosen, referenceChosen), tokens('chosenTokens'));
      const ofRejected = div(sub(rejected, referenceRejected), tokens('rejectedTokens'));
      const miss = sub(sub(ofChosen, ofRejected), 1 / (2 * beta));
      return mul(miss, miss);
    },
  });
