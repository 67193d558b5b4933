import { composeReport } from '@feedprint/report';
import type { FoundOf, Summary } from '@feedprint/report';
import { findings } from './findings.ts';

type Chapters = readonly (typeof findings)[number]['chapter'][];

/** What an audit finds, besides the summary that is made from it. */
export type AuditFound = FoundOf<Chapters>;

/** `report.json`: what one audit found, or has found so far if it has `pending`. */
export type AuditReport = AuditFound & Summary;

/** The report of an audit: a chapter per finding whose question arises. */
export const auditReport = composeReport<Chapters>(findings.map(({ chapter }) => chapter));
