import { composeReport } from '@feedprint/report';
import type { FoundOf, Summary } from '@feedprint/report';
import { findings, firstFindings } from './findings.ts';

type Chapters = readonly (typeof findings)[number]['chapter'][];
type FirstChapters = readonly (typeof firstFindings)[number]['chapter'][];

/** What an audit finds, besides the summary that is made from it. */
export type AuditFound = FoundOf<Chapters>;

/** `report.json`: everything that one audit found. */
export type AuditReport = AuditFound & Summary;

/** What is in `report.json` from the first findings on. */
export type FirstFound = FoundOf<FirstChapters>;
export type FirstReport = FirstFound & Summary;

/** The report of an audit: a chapter per finding. */
export const auditReport = composeReport<Chapters>(findings.map(({ chapter }) => chapter));

/** The report of the first findings, which the whole one replaces. */
export const firstReport = composeReport<FirstChapters>(
  firstFindings.map(({ chapter }) => chapter),
);
