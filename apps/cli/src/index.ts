export { audit } from './audit/audit.ts';
export { auditConfigSchema, defineAudit } from './audit/audit-config.ts';
export type { AuditConfig } from './audit/audit-config.ts';
export type { AuditReport, AuditResult } from '@feedprint/recipes';
export { main } from './main.ts';
export { createProgram } from './program.ts';
export type { Io } from './io.ts';
