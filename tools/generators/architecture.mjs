import { format, insert, namesOf, writeTemplates } from './write.mjs';

/** An architecture in a file of its own, its line in the list of all, and a test on a tiny checkpoint. */
export default async function architecture(tree, options) {
  const names = namesOf(options);
  writeTemplates(tree, 'architecture', 'packages/activations', names);
  const list = 'packages/activations/src/architectures/architectures.ts';
  const line = `import { ${names.value} } from './${names.name}.ts';\n`;
  insert(tree, list, { before: "import { mistral } from './mistral.ts';" }, line);
  insert(
    tree,
    list,
    { after: 'Readonly<Record<string, Architecture>> = {\n' },
    `  ${names.snake}: ${names.value},\n`,
  );
  await format(tree);
}
