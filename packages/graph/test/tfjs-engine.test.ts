import { describe, expect, test } from '@jest/globals';
import {
  Graph,
  adamCorrections,
  createAdam,
  createOnnxEngine,
  gradients,
  log,
  matmul,
  mul,
  reduceMean,
  relu,
  sub,
} from '../src/index.ts';
import type { Engine, Tensor, TrainingSession, TrainingSessionOptions } from '../src/index.ts';
import { createTfjsEngine } from '../src/tfjs/index.ts';
import { loadTfjs } from '../src/tfjs/load-tfjs.ts';
import { tf } from './support/tensorflow.ts';

type Steps = Pick<TrainingSessionOptions, 'state' | 'metrics' | 'variants'>;

/** w' = w - rate (w - 3), with the loss (w - 3)^2 / 2. */
function descent(initial: Float32Array): { graph: Graph; steps: Steps } {
  const graph = new Graph();
  const w = graph.input('w', 'float32', [1]);
  const rate = graph.input('rate', 'float32', []);
  const off = sub(w, 3);
  const loss = reduceMean(mul(mul(off, off), 0.5), [0]);
  const double = { next: { w: sub(w, mul(off, mul(rate, 2))) }, metrics: { double: loss } };
  const state = { w: { current: w, next: sub(w, mul(off, rate)), initial } };
  return { graph, steps: { state, metrics: { loss }, variants: { double } } };
}

const start = (engine: Engine, ...initial: number[]): Promise<TrainingSession> => {
  const { graph, steps } = descent(Float32Array.from(initial));
  return engine.createTrainingSession(graph, steps);
};

const rate = { rate: { data: Float32Array.of(0.25), shape: [] } };

const engines: Record<string, Engine> = {
  onnxruntime: createOnnxEngine({ threads: 1 }),
  'TensorFlow.js, wasm': createTfjsEngine({ backend: 'wasm' }),
  'TensorFlow.js, cpu': createTfjsEngine({ backend: 'cpu' }),
};

describe.each(Object.entries(engines))('a training session of %s', (_, engine) => {
  test('takes steps and variants of them over one state', async () => {
    const session = await start(engine, 11);
    expect(await session.step(rate)).toEqual({ loss: 32 });
    expect(session.read('w')[0]).toBe(9);
    expect(await session.step(rate, 'double')).toEqual({ double: 18 });
    expect(session.read('w')[0]).toBe(6);
    await session.step(rate);
    expect(session.read('w')[0]).toBe(5.25);
    await expect(session.step(rate, 'triple')).rejects.toThrow(/no triple.*double/);
    await session.dispose();
  });

  test('goes on from a state that is written', async () => {
    const session = await start(engine, 11);
    await session.step(rate);
    const written = Float32Array.of(7);
    session.write('w', written);
    written[0] = 100;
    await session.step(rate);
    expect(session.read('w')[0]).toBe(6);
    expect(() => session.read('nothing')).toThrow(/no nothing/);
    expect(() => session.write('nothing', written)).toThrow(/no nothing/);
    await session.dispose();
  });

  test('names the step and the first tensor that is not finite, and keeps the state', async () => {
    const graph = new Graph();
    const w = graph.input('w', 'float32', [1]);
    const logarithm = log(w);
    const session = await engine.createTrainingSession(graph, {
      state: { w: { current: w, next: sub(w, 1), initial: Float32Array.of(0.5) } },
      metrics: { size: reduceMean(w, [0]), loss: reduceMean(mul(logarithm, 2), [0]) },
    });
    await session.step({});
    const failing = session.step({});
    await expect(failing).rejects.toMatchObject({ code: 'numbers-invalid' });
    await expect(failing).rejects.toThrow(
      `step 2: loss is NaN; the first tensor that is not finite is ${logarithm.name}`,
    );
    expect(session.read('w')[0]).toBe(-0.5);
    session.write('w', Float32Array.of(2));
    expect((await session.step({}))['loss']).toBeCloseTo(2 * Math.log(2), 6);
    await session.dispose();
  });

  test('gives a metric by two names that is the next state too', async () => {
    const graph = new Graph();
    const w = graph.input('w', 'float32', []);
    const next = mul(w, 2);
    const session = await engine.createTrainingSession(graph, {
      state: { w: { current: w, next, initial: Float32Array.of(1) } },
      metrics: { loss: next, mse: next },
    });
    expect(await session.step({})).toEqual({ loss: 2, mse: 2 });
    expect(await session.step({})).toEqual({ loss: 4, mse: 4 });
    expect(session.read('w')[0]).toBe(4);
    await session.dispose();
  });

  test('keeps what it was fed, though the caller writes to the array', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const last = graph.input('last', 'float32', [2]);
    const initial = new Float32Array(2);
    const session = await engine.createTrainingSession(graph, {
      state: { last: { current: last, next: relu(x), initial } },
      metrics: { mean: reduceMean(last, [0]) },
    });
    const data = Float32Array.of(1, 2);
    await session.step({ x: { data, shape: [2] } });
    data.fill(9);
    initial.fill(9);
    expect([...session.read('last')]).toEqual([1, 2]);
    await session.dispose();
  });

  test('names an input that is missing', async () => {
    const session = await start(engine, 1);
    await expect(session.step({})).rejects.toThrow(/rate was not fed/);
    await session.dispose();
  });
});

describe.each(['wasm', 'cpu'] as const)('the engine on the backend %s', (backend) => {
  test('holds as many tensors after 200 steps as after one, and none when it is disposed', async () => {
    const engine = createTfjsEngine({ backend });
    expect(await engine.backend()).toBe(backend);
    const before = tf.memory().numTensors;
    const session = await start(engine, 11);
    const count = async (): Promise<number> => {
      await session.step(rate);
      await session.step(rate, 'double');
      return tf.memory().numTensors;
    };
    const first = await count();
    for (let i = 0; i < 99; i++) await count();
    session.write('w', Float32Array.of(NaN));
    await expect(session.step(rate)).rejects.toThrow(/is w;/);
    expect(tf.memory().numTensors).toBe(first);
    await session.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('keeps to its backend when another becomes active', async () => {
    const session = await start(createTfjsEngine({ backend }), 11);
    await tf.setBackend(backend === 'cpu' ? 'wasm' : 'cpu');
    expect(await session.step(rate)).toEqual({ loss: 32 });
    expect(tf.getBackend()).toBe(backend);
    await session.dispose();
  });

  test('learns as onnxruntime does', async () => {
    const curves: number[][] = [];
    for (const engine of [createOnnxEngine({ threads: 1 }), createTfjsEngine({ backend, tf })]) {
      const { graph, steps } = leastSquares();
      const session = await engine.createTrainingSession(graph, steps);
      const losses: number[] = [];
      for (let t = 1; t <= 60; t++) {
        const corrections = { data: adamCorrections(t), shape: [2] };
        losses.push((await session.step({ corrections }))['loss'] as number);
      }
      curves.push([...losses, ...session.read('w')]);
      await session.dispose();
    }
    const [expected, learned] = curves as [number[], number[]];
    learned.forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 4));
    expect(learned[59]).toBeLessThan((learned[0] as number) / 100);
  });
});

/** Finds w with x w = y by Adam. */
function leastSquares(): { graph: Graph; steps: Steps } {
  const graph = new Graph();
  const x = graph.constant(Float32Array.of(1, 0, 0, 1, 1, 1), [3, 2]);
  const y = graph.constant(Float32Array.of(2, -1, 1), [3, 1]);
  const w = graph.input('w', 'float32', [2, 1]);
  const error = sub(matmul(x, w), y);
  const loss = reduceMean(mul(error, error), [0, 1]);
  const [slope] = gradients(loss, [w]) as [Tensor];
  const corrections = graph.input('corrections', 'float32', [2]);
  const rates = { learningRate: graph.scalar(0.1), corrections };
  const { next, moments } = createAdam()(graph, w, slope, rates);
  const state = { w: { current: w, next, initial: new Float32Array(2) }, ...moments };
  return { graph, steps: { state, metrics: { loss } } };
}

const notInstalled = (name: string): Error =>
  Object.assign(new Error(`Cannot find package '${name}'`), { code: 'ERR_MODULE_NOT_FOUND' });

/** An import that knows some packages, and what was asked of it. */
function installed(packages: Readonly<Record<string, () => unknown>>) {
  const asked: string[] = [];
  const importModule = async (name: string): Promise<unknown> => {
    asked.push(name);
    const found = packages[name];
    if (!found) throw notInstalled(name);
    return found();
  };
  return { asked, importModule };
}

/** Stands for a native build: its backend is the one in plain JavaScript, by another name. */
const native = { ...tf, default: undefined, setBackend: () => tf.setBackend('cpu') };

describe('looking for TensorFlow.js', () => {
  test('takes the native packages first, and what CommonJS exports', async () => {
    const { asked, importModule } = installed({
      '@tensorflow/tfjs-node': () => ({ default: native }),
      '@tensorflow/tfjs-core': () => tf,
    });
    const loaded = await loadTfjs({}, importModule);
    expect(asked).toEqual(['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']);
    expect(loaded).toEqual({ tf: native, backend: 'tensorflow' });
  });

  test('goes on to WebAssembly where the native package does not compute', async () => {
    const { importModule } = installed({
      '@tensorflow/tfjs-node': () => ({
        ...native,
        tidy: () => {
          throw new TypeError('isNullOrUndefined is not a function');
        },
      }),
      '@tensorflow/tfjs-core': () => tf,
      '@tensorflow/tfjs-backend-wasm': () => import('@tensorflow/tfjs-backend-wasm'),
    });
    expect((await loadTfjs({}, importModule)).backend).toBe('wasm');
    await expect(loadTfjs({ backend: 'tensorflow' }, importModule)).rejects.toMatchObject({
      code: 'dependency-missing',
      message: expect.stringMatching(/backend tensorflow .*: isNullOrUndefined is not a function/),
      remedy: expect.stringMatching(/tfjs-node \(Node below 23\)/),
    });
  });

  test('takes plain JavaScript where nothing else is installed', async () => {
    const { importModule } = installed({
      '@tensorflow/tfjs-core': () => tf,
      '@tensorflow/tfjs-backend-cpu': () => undefined,
    });
    expect((await loadTfjs({}, importModule)).backend).toBe('cpu');
  });

  test('says what to install where there is nothing', async () => {
    const { importModule } = installed({});
    await expect(loadTfjs({}, importModule)).rejects.toMatchObject({
      code: 'dependency-missing',
      message: expect.stringMatching(/^TensorFlow.js could not be loaded; npm install/),
      remedy: expect.stringMatching(
        /npm install @tensorflow\/tfjs-node-gpu \(CUDA.*npm install @tensorflow\/tfjs-core @tensorflow\/tfjs-backend-wasm; or/,
      ),
    });
  });

  test('takes the active backend of a module that is passed, and refuses one that it lacks', async () => {
    await tf.setBackend('cpu');
    expect(await loadTfjs({ tf })).toEqual({ tf, backend: 'cpu' });
    await expect(loadTfjs({ tf, backend: 'tensorflow' })).rejects.toMatchObject({
      code: 'dependency-missing',
      message: expect.stringMatching(/backend tensorflow could not be loaded: .*not found/),
    });
  });
});
