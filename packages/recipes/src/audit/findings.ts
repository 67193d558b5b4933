import { ablation } from './ablation/index.ts';
import { causes } from './causes/index.ts';
import { changes } from './changes/index.ts';
import { contexts } from './contexts/index.ts';
import { dictionaries } from './dictionaries/index.ts';
import { estimators } from './estimators/index.ts';
import { features } from './features/index.ts';
import { layers } from './layers/index.ts';
import { location } from './location/index.ts';
import { pairs } from './pairs/index.ts';
import { shift } from './shift/index.ts';
import { texts } from './texts/index.ts';
import { tokens } from './tokens/index.ts';
import { words } from './words/index.ts';

/** What an audit finds out before anything else: no stage that these rest on needs a dictionary. */
export const firstFindings = [words, texts, layers, tokens] as const;

/** What an audit finds out, in the order of the report. No other place knows every finding. */
export const findings = [
  words,
  contexts,
  pairs,
  texts,
  estimators,
  layers,
  location,
  changes,
  dictionaries,
  tokens,
  shift,
  features,
  causes,
  ablation,
] as const;
