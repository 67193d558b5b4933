import type { Feature } from '../../api/features.ts';
import { significant, visible } from '../format.ts';

/** What a feature does to the next token, and the words whose shift it carries. */
export function TokenEffects({ tokens, words }: Pick<Feature, 'tokens' | 'words'>) {
  return (
    <>
      {tokens && (
        <section aria-labelledby="logits">
          <h2 id="logits">What it does to the next token</h2>
          <div className="two-lists">
            <List
              name="More probable"
              rows={tokens.promoted.map(({ token, effect }) => [token, effect])}
            />
            <List
              name="Less probable"
              rows={tokens.suppressed.map(({ token, effect }) => [token, effect])}
            />
          </div>
          <p className="soft small">Nats, by the direct path, where it is strongest.</p>
        </section>
      )}
      {words.length > 0 && (
        <section aria-labelledby="carried">
          <h2 id="carried">Words whose shift it carries</h2>
          <List name="Word" rows={words.map(({ word, regression }) => [word, regression])} />
        </section>
      )}
    </>
  );
}

function List({
  name,
  rows,
}: {
  readonly name: string;
  readonly rows: readonly (readonly [string, number])[];
}) {
  return (
    <table className="narrow">
      <thead>
        <tr>
          <th scope="col">{name}</th>
          <th scope="col" className="number">
            nats
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([token, effect], i) => (
          <tr key={i}>
            <th scope="row">
              <code>{visible(token)}</code>
            </th>
            <td className="number">{significant(effect)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
