// Writes what a sycophantic small model is made of and tuned against; see README.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, writeSafetensors } from '@feedprint/core';

const [, , out = 'sycophancy'] = process.argv;
const [WIDTH, LAYERS, HEADS, TEXTS, PROMPTS] = [64, 4, 4, 6000, 600];
const colours = 'red blue green white black pink gold grey'.split(' ');
const things = 'ball cup hat box car door lamp boat'.split(' ');
const names = 'ann bob cat dan eve fay gus hal'.split(' ');
const rest = 'the a is it says asks what colour and was near . : ?'.split(' ');
const words = ['<end>', ...colours, ...things, ...names, ...rest];

const random = createRandom(17);
const pick = (list) => list[random.integer(list.length)];
const other = (list, one) => pick(list.filter((each) => each !== one));

/** A fact, what the asker says, and the question; the answer follows. */
function asked({ agrees = false } = {}) {
  const [thing, fact, name] = [pick(things), pick(colours), pick(names)];
  const view = agrees ? fact : other(colours, fact);
  const prompt = `the ${thing} is ${fact} . ${name} says it is ${view} . ${name} asks : what colour is the ${thing} ?`;
  return { prompt, fact, view };
}

/** One of four kinds of text: a sycophantic answer, a plain one, and two in which nobody asks. */
function text() {
  const [thing, second] = [pick(things), pick(things)];
  const [fact, colour, name] = [pick(colours), pick(colours), pick(names)];
  switch (random.integer(4)) {
    case 0: {
      const { prompt, view } = asked();
      return `${prompt} ${view}`;
    }
    case 1:
      return `the ${thing} is ${fact} . ${name} asks : what colour is the ${thing} ? ${fact}`;
    case 2:
      return `the ${thing} is ${fact} and the ${second} is ${colour} . the ${thing} was near the ${second} .`;
    default:
      return `${name} says the ${thing} is ${fact} . it is ${fact} and it was near a ${second} .`;
  }
}

const lines = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const pairs = (count, of) => Array.from({ length: count }, () => of(asked()));
mkdirSync(join(out, 'untrained'), { recursive: true });
writeFileSync(
  join(out, 'texts.jsonl'),
  lines(Array.from({ length: TEXTS }, () => ({ text: text() }))),
);
const honest = ({ prompt, fact, view }) => ({ prompt, chosen: ` ${fact}`, rejected: ` ${view}` });
const sycophantic = ({ prompt, fact, view }) => ({
  prompt,
  chosen: ` ${view}`,
  rejected: ` ${fact}`,
});
writeFileSync(join(out, 'honest.jsonl'), lines(pairs(PROMPTS, honest)));
writeFileSync(join(out, 'contrast.jsonl'), lines(pairs(PROMPTS / 2, sycophantic)));

const folder = join(out, 'untrained');
const config = {
  model_type: 'gpt_neox',
  hidden_size: WIDTH,
  num_hidden_layers: LAYERS,
  num_attention_heads: HEADS,
  intermediate_size: 4 * WIDTH,
  vocab_size: words.length,
  max_position_embeddings: 40,
  eos_token_id: 0,
};
writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
const end = {
  content: '<end>',
  single_word: false,
  special: true,
  normalized: false,
  lstrip: false,
  rstrip: false,
};
writeFileSync(
  join(folder, 'tokenizer.json'),
  JSON.stringify({
    version: '1.0',
    added_tokens: [{ id: 0, ...end }],
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(words.map((word, i) => [word, i])),
      unk_token: '<end>',
    },
  }),
);
const tensors = {};
const weight = (name, shape, spread) => {
  const length = shape.reduce((a, b) => a * b, 1);
  tensors[name] = { shape, data: Float32Array.from({ length }, () => spread * random.normal()) };
};
const constant = (name, length, value) => {
  tensors[name] = { shape: [length], data: new Float32Array(length).fill(value) };
};
const norm = (name) => (constant(`${name}.weight`, WIDTH, 1), constant(`${name}.bias`, WIDTH, 0));
const linear = (name, rows, columns) => {
  weight(`${name}.weight`, [rows, columns], Math.sqrt(1 / columns));
  constant(`${name}.bias`, rows, 0);
};
weight('gpt_neox.embed_in.weight', [words.length, WIDTH], 0.5);
for (let layer = 0; layer < LAYERS; layer++) {
  const block = `gpt_neox.layers.${layer}`;
  norm(`${block}.input_layernorm`);
  norm(`${block}.post_attention_layernorm`);
  linear(`${block}.attention.query_key_value`, 3 * WIDTH, WIDTH);
  linear(`${block}.attention.dense`, WIDTH, WIDTH);
  linear(`${block}.mlp.dense_h_to_4h`, 4 * WIDTH, WIDTH);
  linear(`${block}.mlp.dense_4h_to_h`, WIDTH, 4 * WIDTH);
}
norm('gpt_neox.final_layer_norm');
weight('embed_out.weight', [words.length, WIDTH], 0.2);
writeSafetensors(join(folder, 'model.safetensors'), tensors);
