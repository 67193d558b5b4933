import { format, insert, namesOf, writeTemplates } from './write.mjs';

/** A property in a file of its own, measured with the standard ones, and its conformance test. */
export default async function property(tree, options) {
  const names = namesOf(options);
  writeTemplates(tree, 'property', 'packages/feedback', names);
  const index = 'packages/feedback/src/index.ts';
  const line = `export { ${names.value} } from './properties/${names.name}.ts';\n`;
  insert(tree, index, { before: 'export { standardProperties }' }, line);
  await format(tree);
}
