import type { PropertyRow } from '../../api/audit.ts';
import { fetchAudit } from '../api/client.ts';
import { Message } from '../components/message.tsx';
import { PairsOfPropertyList } from '../components/pairs-of-property.tsx';
import { PropertyPlot, inOrder } from '../components/property-plot.tsx';
import { Resource } from '../components/resource.tsx';
import { TableLink } from '../components/table-link.tsx';
import { Text } from '../components/text.tsx';
import { significant, spaced } from '../format.ts';
import { follow, runPath } from '../hooks/use-route.ts';
import { useResource } from '../hooks/use-resource.ts';

interface RepliesPageProps {
  readonly id: string;
  readonly edition: string;
  /** The one whose pairs are shown. */
  readonly property: string | undefined;
}

/** Properties of replies in three columns: told, in the data, learned; and the pairs behind each. */
export function RepliesPage({ id, edition, property }: RepliesPageProps) {
  const audit = useResource(`${id} ${edition}`, fetchAudit(id));
  return (
    <Resource of={audit} what="properties of replies">
      {({ properties }) => {
        if (properties.length === 0) {
          return (
            <Message title="This audit judged no properties of replies">
              <p>
                Audit preference pairs: <code>feedprint audit --pairs FILE …</code>
              </p>
            </Message>
          );
        }
        if (property !== undefined) return <PairsOfPropertyList id={id} property={property} />;
        return (
          <>
            <PropertyPlot id={id} rows={properties.filter(isSeen)} all />
            <PropertyTable id={id} rows={inOrder(properties.filter(isSeen))} />
            <p className="soft small">
              Told: what was asked for. In the data: what labels reward, logits per standard
              deviation. Learned: nats of R, log p(tuned) − log p(base) of a reply, per standard
              deviation. In its replies: how far they moved, standard deviations. Difference
              features: what replies differ in to the base, found without a name; the pairs behind
              one show what it is.
            </p>
            <Unseen rows={properties.filter((row) => !isSeen(row))} />
            <p className="small">
              <TableLink id={id} table="properties" />
            </p>
          </>
        );
      }}
    </Resource>
  );
}

/** Next to no reply has the other properties: nothing can be said of them. */
const isSeen = ({ inData, learned }: PropertyRow): boolean => inData !== null || learned !== null;

function Unseen({ rows }: { readonly rows: readonly PropertyRow[] }) {
  if (rows.length === 0) return null;
  return (
    <details className="fold">
      <summary>{rows.length} properties that could not be seen: next to no reply has them</summary>
      <dl className="pairs small">
        {rows.map(({ name, definition }) => (
          <div key={name}>
            <dt>
              <Text>{spaced(name)}</Text>
            </dt>
            <dd>
              <Text>{definition}</Text>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

const columns = [
  ['told', 'Told'],
  ['inData', 'In the data'],
  ['learned', 'Learned'],
  ['behaves', 'In its replies'],
  ['causes', 'An edit moves R by'],
] as const;

function PropertyTable({
  id,
  rows,
}: {
  readonly id: string;
  readonly rows: readonly PropertyRow[];
}) {
  const shown = columns.filter(([key]) => rows.some((row) => row[key] !== null));
  return (
    <div className="scroll tall" tabIndex={0} role="region" aria-label="Properties of replies">
      <table>
        <thead>
          <tr>
            <th scope="col">Property</th>
            {shown.map(([key, name]) => (
              <th key={key} scope="col" className="number">
                {name}
              </th>
            ))}
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} className={row.flagged ? 'flag' : ''}>
              <th scope="row" title={row.definition}>
                <a href={runPath(id, 'replies', row.name)} onClick={follow}>
                  <Text>{spaced(row.name)}</Text>
                </a>
              </th>
              {shown.map(([key]) => (
                <td key={key} className="number" title={intervalOf(row[key])}>
                  {row[key] ? significant(row[key].effect) : '–'}
                </td>
              ))}
              <td>
                <Text>{spaced(row.verdict)}</Text>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const intervalOf = (column: PropertyRow['learned']): string =>
  column ? `90 % interval ${significant(column.low)} to ${significant(column.high)}` : 'not known';
