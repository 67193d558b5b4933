import { ablation } from './ablation/index.ts';
import { changes } from './changes/index.ts';
import { dictionaries } from './dictionaries/index.ts';
import { features } from './features/index.ts';
import { layers } from './layers/index.ts';
import { location } from './location/index.ts';
import { pairs } from './pairs/index.ts';
import { shift } from './shift/index.ts';
import { texts } from './texts/index.ts';
import { tokens } from './tokens/index.ts';
import { words } from './words/index.ts';

/** What an audit finds out, in the order of the report. This list is the only place that knows every finding. */
export const findings = [
  words,
  pairs,
  texts,
  layers,
  location,
  changes,
  dictionaries,
  tokens,
  shift,
  features,
  ablation,
] as const;
