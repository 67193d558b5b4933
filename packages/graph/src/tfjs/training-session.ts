import { suspects } from '../diagnose.ts';
import type { Graph } from '../graph.ts';
import type { Value } from '../session.ts';
import type { RuntimeOptions } from '../start-session.ts';
import type { Tensor } from '../tensor.ts';
import { known, notFinite } from '../training-session.ts';
import type {
  StateVariable,
  StepVariant,
  TrainingSession,
  TrainingSessionOptions,
} from '../training-session.ts';
import { interpret } from './interpret.ts';
import type { Interpreter } from './interpret.ts';
import type { TfTensor } from './kernel.ts';
import type { LoadedTfjs } from './load-tfjs.ts';

type Feeds = Readonly<Record<string, TfTensor | Value>>;

/** A training session on TensorFlow.js. The state consists of tensors of the backend; those from before a step are disposed of after it. */
export function createTfjsTrainingSession(
  { tf, backend }: LoadedTfjs,
  graph: Graph,
  { state, metrics, variants = {} }: Omit<TrainingSessionOptions, keyof RuntimeOptions>,
): TrainingSession {
  const names = Object.keys(state);
  const stateOf = (name: string): StateVariable => known(state[name], name, names);
  const own: StepVariant = {
    next: Object.fromEntries(names.map((name) => [name, stateOf(name).next])),
    metrics,
  };
  /** The module has one active backend, which others may have changed; switching to one that has been active before is immediate. */
  const activate = (): void => {
    if (tf.getBackend() !== backend) void tf.setBackend(backend);
  };

  const prepared = new Map<StepVariant, Interpreter>();
  const interpreterOf = (variant: StepVariant): Interpreter => {
    const outputs = new Map<string, Tensor>();
    for (const name of names) {
      outputs.set(stateKey(name), known(variant.next[name], name, Object.keys(variant.next)));
    }
    for (const [name, tensor] of Object.entries(variant.metrics)) {
      outputs.set(metricKey(name), tensor);
    }
    const interpreter = prepared.get(variant) ?? interpret(tf, Object.fromEntries(outputs));
    prepared.set(variant, interpreter);
    return interpreter;
  };

  /** A backend may keep the array that it is given, and the caller may write to that array. */
  const toState = (name: string, data: Float32Array): TfTensor =>
    tf.keep(tf.tensor(data.slice(), [...(stateOf(name).current.shape as number[])], 'float32'));
  const withState = (feeds: Readonly<Record<string, Value>>): Feeds => {
    const inputs: Record<string, TfTensor | Value> = {};
    for (const [name, { data, shape }] of Object.entries(feeds)) {
      inputs[name] = { data: data.slice(), shape };
    }
    for (const name of names) inputs[stateOf(name).current.name] = current.get(name) as TfTensor;
    return inputs;
  };

  /** The first tensor behind `value` with a number that is not finite. */
  const culprit = (value: Tensor, inputs: Feeds): string => {
    activate();
    const found = suspects(graph, value);
    const interpreter = interpret(
      tf,
      Object.fromEntries(found.map(({ flag }) => [flag.name, flag])),
    );
    const flags = interpreter.run(inputs);
    const first = found.find(({ flag }) => Number.isNaN(flags[flag.name]?.dataSync()[0]));
    tf.dispose(flags);
    interpreter.dispose();
    return (first?.tensor ?? value).name;
  };

  activate();
  interpreterOf(own);
  const current = new Map(names.map((name) => [name, toState(name, stateOf(name).initial)]));
  let steps = 0;

  return {
    async step(feeds, variantName) {
      const variant =
        variantName === undefined
          ? own
          : known(variants[variantName], variantName, Object.keys(variants));
      activate();
      const inputs = withState(feeds);
      const results = interpreterOf(variant).run(inputs);
      const values: Record<string, number> = {};
      for (const name of Object.keys(variant.metrics)) {
        const [value = NaN] = await (results[metricKey(name)] as TfTensor).data();
        values[name] = value;
      }
      const bad = Object.entries(values).find(([, value]) => !Number.isFinite(value));
      if (bad) {
        tf.dispose(results);
        const [name, value] = bad;
        throw notFinite(steps + 1, name, value, culprit(variant.metrics[name] as Tensor, inputs));
      }
      for (const name of names) {
        current.get(name)?.dispose();
        current.set(name, tf.keep(results[stateKey(name)] as TfTensor));
      }
      for (const name of Object.keys(variant.metrics)) results[metricKey(name)]?.dispose();
      steps++;
      return values;
    },
    read: (name) => known(current.get(name), name, names).dataSync() as Float32Array,
    write(name, data) {
      activate();
      const written = toState(name, data);
      current.get(name)?.dispose();
      current.set(name, written);
    },
    async dispose() {
      for (const interpreter of prepared.values()) interpreter.dispose();
      for (const tensor of current.values()) tensor.dispose();
    },
  };
}

const stateKey = (name: string): string => `next ${name}`;
const metricKey = (name: string): string => `metric ${name}`;
