import { format, insert, namesOf, writeTemplates } from './write.mjs';

/** A labeler in a file of its own, and its conformance test. */
export default async function labeler(tree, options) {
  const names = namesOf(options);
  writeTemplates(tree, 'labeler', 'packages/labeling', names);
  const index = 'packages/labeling/src/index.ts';
  const line = `export { create${names.type}Labeler } from './${names.name}-labeler.ts';\n`;
  insert(tree, index, { before: 'export { createOfflineLabeler }' }, line);
  await format(tree);
}
