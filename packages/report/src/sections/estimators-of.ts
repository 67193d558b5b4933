import type { AgreementReport, AuditReport } from '@feedprint/core';

/** Every estimator of a report, the main one first. */
export const estimatorsOf = ({ estimators, agreement }: AuditReport): readonly AgreementReport[] =>
  estimators.length > 0 ? estimators : [agreement];
