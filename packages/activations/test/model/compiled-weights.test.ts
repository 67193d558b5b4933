import { expect, test } from '@jest/globals';
import { createWeights } from '../../src/architectures/weights.ts';
import { changedCheckpoint } from '../../src/checkpoint/changed-checkpoint.ts';
import { openCheckpoint } from '../../src/checkpoint/checkpoint.ts';
import { createCompiledGraphs } from '../../src/model/compiled-graphs.ts';
import { surveyForward } from '../../src/model/forward-graph.ts';
import { createEditedPasses } from '../../src/model/edited-passes.ts';
import { createPasses } from '../../src/model/passes.ts';
import { createRunner } from '../../src/model/run-model.ts';
import { packRows } from '../../src/model/token-batch.ts';
import { writeTinyCheckpoint } from '../support/tiny-checkpoint.ts';

test('weights that are compiled in, as devices with their own memory need them, give what fed ones give', async () => {
  const opened = await openCheckpoint(
    writeTinyCheckpoint({ config: { tie_word_embeddings: true } }),
  );
  const head = opened.weight('embed_out.weight', [32, 16]).map((value) => 2 * value);
  const changed = changedCheckpoint(
    opened,
    createWeights(opened),
    new Map([['embed_out.weight', head]]),
  );
  const { decoder } = opened;
  const { sites } = surveyForward({ decoder, weights: createWeights(opened) });
  const info = {
    architecture: 'gpt_neox',
    layers: decoder.blocks.length,
    width: decoder.width,
    vocabularySize: decoder.vocabularySize,
    contextLength: decoder.contextLength,
  };
  const [fed, compiled, fedChanged, compiledChanged] = await Promise.all(
    [opened, changed].flatMap((checkpoint) =>
      [false, true].map(async (compiledIn) => {
        const weights = createWeights(checkpoint, { compiledIn });
        const graphs = createCompiledGraphs({ threads: 1 });
        const passes = createEditedPasses(createPasses({ decoder, weights }, sites, graphs), sites);
        const run = createRunner({ passes, info });
        const { logits } = await run(packRows([[1, 2, 3], [4]], info), { logits: 'all' });
        await graphs.dispose();
        return Array.from(logits?.data ?? []);
      }),
    ),
  );
  expect(compiled?.length).toBe(4 * info.vocabularySize);
  compiled?.forEach((value, i) => expect(value).toBeCloseTo(fed?.[i] as number, 5));
  // A tied head that is changed alone leaves the embeddings as they are, so that its logits are doubled.
  fed?.forEach((value, i) => {
    expect(fedChanged?.[i]).toBeCloseTo(2 * value, 4);
    expect(compiledChanged?.[i]).toBeCloseTo(2 * value, 4);
  });
  opened.close();
});
