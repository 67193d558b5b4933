import { mul, neg, reduceSum } from '@feedprint/graph';
import { replyLength } from '../token-sequence.ts';
import type { TokenSequence } from '../token-sequence.ts';
import type { Method } from './method.ts';
import { scalar } from './scalar.ts';

/** Supervised fine-tuning: the mean negative log-probability (nats) of the replies' tokens, over all tokens of a batch. */
export const sft = (): Method<TokenSequence> => ({
  name: 'sft',
  settings: {},
  sequences: (item) => [item],
  feeds: (_, batch) => ({ perToken: scalar(1 / batch.reduce((n, s) => n + replyLength(s), 0)) }),
  objective({ graph, logProbs }) {
    const perToken = graph.input('perToken', 'float32', []);
    return { loss: neg(mul(reduceSum(logProbs, [0, 1]), perToken)), metrics: {} };
  },
});
