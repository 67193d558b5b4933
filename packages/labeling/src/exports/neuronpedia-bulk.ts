import type { ActivationExample } from '@feedprint/core';
import { placeOf } from './exported-feature.ts';
import type { ExportedFeature } from './exported-feature.ts';
import type { NeuronpediaOptions } from './neuronpedia-batches.ts';

/** A file of JSON lines below a folder; those of features, activations and explanations are to be compressed with gzip. */
export interface BulkFile {
  readonly name: string;
  readonly lines: readonly object[];
}

/** Most features of a file. */
const most = 1024;

/**
 * Neuronpedia's bulk export, as its own converter and SAEDashboard lay it out: a folder `model/source` with what the model and the
 * source are, and features, activations and explanations in batches. Only windows that were gathered are activations; what is not
 * known of a feature (vectors, correlations, logits) is left out.
 */
export function toNeuronpediaBulk(
  features: readonly ExportedFeature[],
  { modelId, source }: NeuronpediaOptions,
): BulkFile[] {
  const folder = `${modelId}/${source}`;
  const sourceSet = source.replace(/^\d+-/, '');
  const own = { modelId, layer: source };
  const batches = Array.from({ length: Math.ceil(features.length / most) }, (_, batch) => {
    const some = features.slice(batch * most, (batch + 1) * most);
    const file = `batch-${batch}.jsonl.gz`;
    return [
      {
        name: `${folder}/features/${file}`,
        lines: some.map((one) => featureLine(one, own, sourceSet)),
      },
      {
        name: `${folder}/activations/${file}`,
        lines: some.flatMap((one) => activationLines(one, own)),
      },
      {
        name: `${folder}/explanations/${file}`,
        lines: some.flatMap((one) => explanationLines(one, own)),
      },
    ];
  });
  return [
    { name: `${folder}/release.jsonl`, lines: [{ name: 'feedprint' }] },
    { name: `${folder}/model.jsonl`, lines: [{ id: modelId }] },
    { name: `${folder}/sourceset.jsonl`, lines: [{ modelId, name: sourceSet }] },
    { name: `${folder}/source.jsonl`, lines: [{ modelId, id: source, setName: sourceSet }] },
    ...batches.flat(),
  ];
}

type Own = Readonly<Record<'modelId' | 'layer', string>>;

const indexOf = ({ evidence }: ExportedFeature): string => `${placeOf(evidence.id).index}`;

const featureLine = (feature: ExportedFeature, own: Own, sourceSetName: string): object => ({
  ...own,
  index: indexOf(feature),
  sourceSetName,
  hookName: placeOf(feature.evidence.id).site,
  maxActApprox: feature.evidence.maxActivation,
  hasVector: false,
  frac_nonzero: feature.evidence.statistics?.density ?? null,
});

const activationLines = (feature: ExportedFeature, own: Own): object[] =>
  [...feature.evidence.top, ...feature.evidence.heldOutActive].map((example, i) =>
    activationLine(example, { ...own, index: indexOf(feature) }, i),
  );

function activationLine(
  { tokens, activations }: ActivationExample,
  own: object,
  i: number,
): object {
  const maxValue = Math.max(...activations);
  return {
    ...own,
    dataIndex: `${i}`,
    tokens,
    values: activations,
    maxValue,
    maxValueTokenIndex: activations.indexOf(maxValue),
    minValue: Math.min(...activations),
  };
}

const explanationLines = (feature: ExportedFeature, own: Own): object[] =>
  feature.label === null
    ? []
    : [
        {
          ...own,
          index: indexOf(feature),
          description: feature.label,
          typeName: 'feedprint',
          explanationModelName: feature.labeler,
        },
      ];
