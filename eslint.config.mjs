import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Imports go one way; see docs/decisions/001-packages.md. */
const layers = {
  core: [],
  graph: ['core'],
  activations: ['core', 'graph'],
  finetune: ['core', 'graph', 'activations'],
  sae: ['core', 'graph'],
  feedback: ['core'],
  probe: ['core'],
  labeling: ['core'],
  pipeline: ['core'],
  recipes: [
    'core',
    'graph',
    'activations',
    'finetune',
    'sae',
    'feedback',
    'probe',
    'labeling',
    'pipeline',
    'report',
  ],
  report: ['core'],
};

export default tseslint.config(
  { ignores: ['**/dist', '**/node_modules', '.nx', 'runs', 'site', '**/generators/copy-*'] },
  js.configs.recommended,
  tseslint.configs.strict,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: false } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          banTransitiveDependencies: false,
          depConstraints: [
            ...Object.entries(layers).map(([scope, allowed]) => ({
              sourceTag: `scope:${scope}`,
              onlyDependOnLibsWithTags: [`scope:${scope}`, ...allowed.map((a) => `scope:${a}`)],
            })),
            { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['*'] },
          ],
        },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { ignoreRestSiblings: true, varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
      ],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'Math',
          property: 'random',
          message: 'Use a seeded generator of @feedprint/core.',
        },
      ],
    },
  },
  {
    files: ['**/*.cjs', '**/*.mjs', '**/bin.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        require: 'readonly',
        module: 'readonly',
        globalThis: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  prettier,
);
