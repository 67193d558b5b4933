import { arena, arena55k } from './arena.ts';
import { conversations } from './conversations.ts';
import { dialogues } from './dialogues.ts';
import { feedbackForensics } from './feedback-forensics.ts';
import { helpSteer2Preferences, helpSteer3 } from './helpsteer-preferences.ts';
import { helpSteerScores } from './helpsteer-scores.ts';
import { incomplete } from './incomplete.ts';
import type { PairLayout } from './layout.ts';
import { nectar } from './nectar.ts';
import { pkuSafeRlhf } from './pku-saferlhf.ts';
import { prism } from './prism.ts';
import { promptAndReplies } from './prompt-and-replies.ts';
import { shareGpt } from './sharegpt.ts';
import { sharedBeginning } from './shared-beginning.ts';
import { shp } from './shp.ts';
import { stackExchange } from './stack-exchange.ts';
import { wimhf } from './wimhf.ts';

/** Layouts with `chosen` and `rejected`; the first that fits a record reads it. */
export const chosenLayouts: readonly PairLayout[] = [
  shareGpt,
  conversations,
  dialogues,
  promptAndReplies,
  sharedBeginning,
  incomplete,
];

/** Layouts that say in columns of their own which reply is better. */
export const judgedLayouts: readonly PairLayout[] = [
  arena,
  arena55k,
  helpSteerScores,
  helpSteer2Preferences,
  helpSteer3,
  prism,
  pkuSafeRlhf,
  nectar,
  shp,
  stackExchange,
  feedbackForensics,
  wimhf,
];
