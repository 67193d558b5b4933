import { format, insert, namesOf, writeTemplates } from './write.mjs';

/** A package that may use core, its place in the order of imports, and a reference for the builds of recipes. */
export default async function createPackage(tree, options) {
  const names = namesOf(options);
  const { version } = JSON.parse(tree.read('packages/core/package.json', 'utf8'));
  writeTemplates(tree, 'package', `packages/${names.name}`, { ...names, version });
  tree.write(`packages/${names.name}/LICENSE`, tree.read('LICENSE', 'utf8'));
  insert(
    tree,
    'eslint.config.mjs',
    { after: 'const layers = {\n' },
    `  '${names.name}': ['core'],\n`,
  );
  insert(tree, 'docs/architecture.md', { after: 'core <- feedback, ' }, `${names.name}, `);
  await format(tree);
  return () =>
    console.log(
      'Next: npm install, so that others find it; describe it in docs/architecture.md and AGENTS.md.',
    );
}
