import type { AgreementReport, Report } from './schema.ts';

/** Every estimator of a report, the main one first. */
export const estimatorsOf = ({ estimators, agreement }: Report): readonly AgreementReport[] =>
  estimators.length > 0 ? estimators : [agreement];
