export { renderReport } from './render-report.ts';
export { parseReport, reportJsonSchema } from './schema.ts';
