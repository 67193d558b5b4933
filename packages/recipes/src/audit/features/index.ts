import { features as chapter } from '@feedprint/report/chapters/features';
import { validate } from '../ablation/validate.ts';
import { smallSaes } from '../dictionaries/saes.ts';
import { isStatedOfWords } from '../context.ts';
import { defineFinding } from '../finding.ts';
import { attribute } from './attribute.ts';
import { changeAttribution } from './change-attribution.ts';
import { featureDiscrepancies } from './feature-discrepancies.ts';
import { label } from './label.ts';
import { reportFeatures } from './report.ts';
import { featureTables } from './tables.ts';

/** Which features of the dictionaries carry what tuning changed, and which push words against their feedback. */
export const features = defineFinding({
  chapter,
  asks: isStatedOfWords,
  needs: {
    saes: smallSaes,
    change: changeAttribution,
    attribute,
    contradicting: featureDiscrepancies,
    label,
    validate,
  },
  report: ({ context, needs }) => reportFeatures(context.words, needs),
  tables: ({ context, needs }, part) => featureTables(context, needs, part),
});
