import type { Feature } from '../../api/features.ts';
import { hasFeature } from '../api/client.ts';
import { significant } from '../format.ts';
import { follow, runPath } from '../hooks/use-route.ts';
import { Text } from './text.tsx';

type Near = NonNullable<Feature['near']>['own'];

/** Features whose decoder vectors are most like this one's: in its own dictionary, in the base's, in the larger one. */
export function NearFeatures({
  id,
  feature: { site, near },
}: {
  readonly id: string;
  readonly feature: Feature;
}) {
  if (!near) return null;
  return (
    <section aria-labelledby="near">
      <h2 id="near">Most alike</h2>
      <div className="two-lists">
        <List
          name="In its own dictionary"
          rows={near.own}
          hrefOf={(index) =>
            hasFeature(id, site, index) ? runPath(id, 'features', site, `${index}`) : undefined
          }
        />
        <List name="In the base’s" rows={near.base} />
        <List name="In the large one" rows={near.large} />
      </div>
      <p className="soft small">Cosine of the decoder vectors.</p>
    </section>
  );
}

function List({
  name,
  rows,
  hrefOf,
}: {
  readonly name: string;
  readonly rows: Near;
  readonly hrefOf?: (index: number) => string | undefined;
}) {
  if (rows.length === 0) return null;
  return (
    <table className="narrow wrapping">
      <thead>
        <tr>
          <th scope="col">{name}</th>
          <th scope="col" className="number">
            cosine
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ index, cosine, label }) => (
          <tr key={index}>
            <th scope="row">
              <Linked href={hrefOf?.(index)} index={index} />
              {label !== null && (
                <span className="soft">
                  {' '}
                  <Text>{label}</Text>
                </span>
              )}
            </th>
            <td className="number">{significant(cosine)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Linked = ({ href, index }: { readonly href: string | undefined; readonly index: number }) =>
  href === undefined ? (
    index
  ) : (
    <a href={href} onClick={follow}>
      {index}
    </a>
  );
