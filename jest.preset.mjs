const transform = new URL('./tools/jest/transform.mjs', import.meta.url).pathname;

/** The one Jest configuration: native ES modules, TypeScript by swc, an environment in which onnxruntime-node works. */
export const preset = {
  testEnvironment: new URL('./tools/jest/environment.cjs', import.meta.url).pathname,
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/test/**/*.test.tsx'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$|/dist/.+\\.js$': [
      transform,
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'es6' },
      },
    ],
  },
  testTimeout: 60_000,
};
