import { format, insert, namesOf, writeTemplates } from './write.mjs';

/** A finding: a folder of recipes, a chapter of the report, and its line in the list of all. */
export default async function finding(tree, options) {
  const names = namesOf(options);
  writeTemplates(tree, 'finding/recipes', 'packages/recipes', names);
  writeTemplates(tree, 'finding/report', 'packages/report', names);
  const list = 'packages/recipes/src/audit/findings.ts';
  const line = `import { ${names.value} } from './${names.name}/index.ts';\n`;
  insert(tree, list, { before: "import { words } from './words/index.ts';" }, line);
  insert(tree, list, { before: '] as const;' }, `  ${names.value},\n`);
  await format(tree);
  return () =>
    console.log(
      'Next: UPDATE_SCHEMA=1 node ../../tools/jest/run.mjs schema in packages/recipes; a row in docs/architecture.md and in docs/guides/recomputing-figures.md.',
    );
}
