import type { Feature } from '../../api/features.ts';
import { count, significant } from '../format.ts';
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
      <Calls calls={evidence.calls} />
    </details>
  );
}

const steps = {
  explain: 'It was asked to explain the feature',
  classify: 'It was asked whether that is about the feedback',
  detect: 'It was asked in which texts the feature is active',
  fuzz: 'It was asked in which texts the marks are right',
} as const;

/** What a chat model was asked, word by word, and what it answered. */
function Calls({ calls }: Pick<NonNullable<Feature['evidence']>, 'calls'>) {
  if (calls.length === 0) return null;
  return (
    <>
      <h3>Calls to the chat model</h3>
      {calls.map(({ step, asked, answer, input, output }, i) => (
        <details key={i} className="call">
          <summary>
            {steps[step]}{' '}
            <span className="soft small">
              {count(input)} tokens asked, {count(output)} answered
            </span>
          </summary>
          {asked.map(({ role, content }, m) => (
            <Said key={m} role={role} text={content} />
          ))}
          <Said role="answer" text={answer} />
        </details>
      ))}
    </>
  );
}

const Said = ({ role, text }: { readonly role: string; readonly text: string }) => (
  <div className="quote">
    <span className="soft small">{role}</span>
    <p>
      <Text>{text}</Text>
    </p>
  </div>
);
