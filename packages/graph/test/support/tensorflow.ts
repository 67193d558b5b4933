import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';

tf.enableProdMode();
await tf.setBackend('cpu');

/** TensorFlow.js with its gradients, on the backend in plain JavaScript. */
export { tf };
