import { expect, test } from '@jest/globals';
import { renderFeatures } from '../src/index.ts';

const feature = {
  id: 'blocks.3.hook_mlp_out/7',
  label: 'fires on "</style><script>alert(1)</script>"',
  labelScore: 0.875,
  density: 0.012,
  histogram: { most: 3.5, counts: [5, 2, 1] },
  tokens: {
    promoted: [{ token: ' <b>', effect: 0.5 }],
    suppressed: [{ token: '"', effect: -0.25 }],
  },
  examples: [{ tokens: [' so', ' <img src=x>'], activations: [0, 3.5] }],
};

test('a page of features shows what each fires on, and treats every token as text', () => {
  const page = renderFeatures({ title: 'a < b', about: 'On 3 texts.', features: [feature] });
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain('<title>a &lt; b</title>');
  expect(page).not.toMatch(/<script|<img|<b>/);
  expect(page).toContain('&lt;img src=x&gt;');
  expect(page).toContain('title="activation 3.5"');
  expect(page).toMatch(/label score 0\.88/);
  expect(page).toContain('aria-label="Histogram of its activations at 8 tokens');
  expect(page).toMatch(/promotes<\/span>[^]*suppresses<\/span>/);
  expect(page).not.toMatch(/https?:\/\//);
});

test('a feature without label, effects or activations is shown as such', () => {
  const page = renderFeatures({
    title: 't',
    about: '',
    features: [
      {
        ...feature,
        label: null,
        labelScore: null,
        tokens: null,
        examples: [],
        histogram: { most: 0, counts: [0] },
      },
    ],
  });
  expect(page).toContain('not labelled');
  expect(page).not.toMatch(/promotes|<svg|label score/);
});
