import { fetchPairs } from '../api/client.ts';
import { significant, spaced } from '../format.ts';
import { follow, runPath } from '../hooks/use-route.ts';
import { useResource } from '../hooks/use-resource.ts';
import { Resource } from './resource.tsx';
import { TableLink } from './table-link.tsx';
import { Text } from './text.tsx';

/** The pairs whose labels go most clearly with what was learned of a property, furthest apart first. */
export function PairsOfPropertyList({
  id,
  property,
}: {
  readonly id: string;
  readonly property: string;
}) {
  const pairs = useResource(`${id} ${property}`, fetchPairs(id, property));
  return (
    <>
      <p className="small">
        <a href={runPath(id, 'replies')} onClick={follow}>
          All properties
        </a>
      </p>
      <Resource of={pairs} what="pairs">
        {(shown) => (
          <>
            <h2>
              <Text>{spaced(shown.name)}</Text>
            </h2>
            <p>
              <Text>{shown.definition}</Text> Verdict: <Text>{spaced(shown.verdict)}</Text>; per
              standard deviation {written(shown.inData)} logits in the labels,{' '}
              {written(shown.learned)} nats of R learned; R is log p(tuned) − log p(base) of a
              reply.
            </p>
            {shown.pairs.length === 0 && <p className="soft">No pair differs in it that way.</p>}
            <ol className="pair-list">
              {shown.pairs.map((pair) => (
                <li key={pair.pair}>
                  <p className="soft small">
                    pair {pair.pair} · difference {significant(pair.difference)}
                    {pair.chosenR !== null && pair.rejectedR !== null && (
                      <>
                        {' '}
                        · R {significant(pair.chosenR)} and {significant(pair.rejectedR)} nats
                      </>
                    )}
                  </p>
                  <Quote name="Prompt" text={pair.prompt} />
                  <div className="two-replies">
                    <Quote name="Preferred" text={pair.chosen} />
                    <Quote name="Other" text={pair.rejected} />
                  </div>
                </li>
              ))}
            </ol>
            <p className="small">
              <TableLink id={id} table="pair_properties" />
            </p>
          </>
        )}
      </Resource>
    </>
  );
}

function Quote({ name, text }: { readonly name: string; readonly text: string }) {
  if (text === '') return null;
  return (
    <div className="quote">
      <span className="soft small">{name}</span>
      <p>
        <Text>{text}</Text>
      </p>
    </div>
  );
}

const written = (value: number | null): string => (value === null ? '–' : significant(value));
