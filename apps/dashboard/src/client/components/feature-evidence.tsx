import type { Feature } from '../../api/features.ts';
import { significant } from '../format.ts';
import { HeatText } from './heat-text.tsx';
import { Text } from './text.tsx';

interface FeatureEvidenceProps extends Pick<Feature, 'evidence'> {
  readonly score: number | null;
}

/** What the labeler was asked and shown, folded. */
export function FeatureEvidence({ evidence, score }: FeatureEvidenceProps) {
  if (!evidence) return null;
  return (
    <details className="fold">
      <summary>Where the label comes from</summary>
      <p>
        The labeler <Text>{evidence.labeler}</Text> explained these windows, then told them apart
        from held-out ones without the feature
        {score !== null && <> with a balanced accuracy of {significant(score)}</>}. It was asked:{' '}
        <Text>{evidence.question}</Text>
      </p>
      <ul className="examples">
        {evidence.windows.map(({ tokens, activations }, i) => (
          <li key={i}>
            <HeatText
              tokens={tokens}
              values={activations}
              most={Math.max(0, ...activations.map((one) => one ?? 0))}
            />
          </li>
        ))}
      </ul>
    </details>
  );
}
