import { preset } from '../../jest.preset.mjs';

/** TensorFlow.js publishes its gradients as ES modules that Node cannot load: they are compiled for the tests that compare with them. */
const gradientsOfTensorFlow = {
  '@tensorflow/tfjs-core/dist/(?!tf-core).+\\.js$': [
    '@swc/jest',
    { jsc: { target: 'es2022', parser: { syntax: 'ecmascript' } }, module: { type: 'commonjs' } },
  ],
};

export default {
  ...preset,
  transform: { ...preset.transform, ...gradientsOfTensorFlow },
  transformIgnorePatterns: ['/node_modules/(?!@tensorflow/tfjs-core/dist/)'],
};
