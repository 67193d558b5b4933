import { useState } from 'react';
import type { ReadAnswer } from '../../api/playground.ts';
import { significant, visible } from '../format.ts';
import { FeatureLink } from './feature-link.tsx';
import { HeatText } from './heat-text.tsx';
import { Text } from './text.tsx';

interface ReadTokensProps {
  readonly id: string;
  readonly answer: ReadAnswer;
  /** Features that are switched off. */
  readonly off: readonly string[];
  readonly onToggle: (feature: string) => void;
}

/** A text as both models read it: stated feedback and shift of every token, and the features that are active at the chosen one. */
export function ReadTokens({
  id,
  answer: { tokens, next, truncated },
  off,
  onToggle,
}: ReadTokensProps) {
  const [chosen, setChosen] = useState(tokens.length - 1);
  const shifts = tokens.map(({ base, tuned }) =>
    base === null || tuned === null ? null : tuned - base,
  );
  const stated = tokens.map((token) => token.stated);
  const most = (values: readonly (number | null)[]): number =>
    Math.max(0.01, ...values.map((value) => Math.abs(value ?? 0)));
  const texts = tokens.map(({ text }) => text);
  const token = tokens[chosen];
  return (
    <section aria-labelledby="read">
      <h2 id="read">What the models make of it</h2>
      {truncated && <p className="soft">Its end does not fit into the context and was left out.</p>}
      <h3>How far tuning moved each token, log p(tuned) − log p(base)</h3>
      <p className="soft small">Red: made more probable; blue: less. Choose a token to see more.</p>
      <HeatText
        tokens={texts}
        values={shifts}
        most={most(shifts)}
        chosen={chosen}
        onChoose={setChosen}
        titleOf={(t) =>
          `shift ${written(shifts[t] ?? null)} nats; stated ${written(stated[t] ?? null)}`
        }
      />
      <h3>Stated feedback</h3>
      <HeatText
        tokens={texts}
        values={stated}
        most={most(stated)}
        titleOf={(t) => written(stated[t] ?? null)}
      />
      <div className="columns">
        {token && (
          <div>
            <h3>
              At <code>{visible(token.text)}</code>
            </h3>
            <dl className="facts">
              <div>
                <dt>log p, base</dt>
                <dd>{written(token.base)}</dd>
              </div>
              <div>
                <dt>log p, tuned</dt>
                <dd>{written(token.tuned)}</dd>
              </div>
              <div>
                <dt>shift, nats</dt>
                <dd>{written(shifts[chosen] ?? null)}</dd>
              </div>
              <div>
                <dt>stated</dt>
                <dd>{written(token.stated)}</dd>
              </div>
            </dl>
            <h3>Active features</h3>
            {token.features.length === 0 && <p className="soft">None, or the run has no SAEs.</p>}
            <ul className="active-features">
              {token.features.map((feature) => {
                const name = `${feature.site}/${feature.index}`;
                return (
                  <li key={name}>
                    <label title="Switched off when the tuned model writes on">
                      <input
                        type="checkbox"
                        checked={off.includes(name)}
                        onChange={() => onToggle(name)}
                      />{' '}
                      off
                    </label>
                    <FeatureLink id={id} site={feature.site} index={feature.index} />
                    <span className="number">{significant(feature.activation)}</span>
                    {feature.label !== null && (
                      <span className="soft">
                        <Text>{feature.label}</Text>
                      </span>
                    )}
                  </li>
                );
              })}
            </ul>
          </div>
        )}
        <div>
          <h3>What may come next</h3>
          <table className="narrow">
            <thead>
              <tr>
                <th scope="col">Token</th>
                <th scope="col" className="number">
                  base
                </th>
                <th scope="col" className="number">
                  tuned
                </th>
              </tr>
            </thead>
            <tbody>
              {next.map(({ text, base, tuned }, i) => (
                <tr key={i}>
                  <th scope="row">
                    <code>{visible(text)}</code>
                  </th>
                  <td className="number">{(100 * base).toFixed(2)} %</td>
                  <td className="number">{(100 * tuned).toFixed(2)} %</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}

const written = (value: number | null): string => (value === null ? '–' : significant(value));
