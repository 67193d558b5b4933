import { fetchFigures } from '../api/client.ts';
import { significant } from '../format.ts';
import { changeQuery } from '../hooks/use-route.ts';
import { useResource } from '../hooks/use-resource.ts';
import { Search } from './fields.tsx';
import { Resource } from './resource.tsx';
import { TableLink } from './table-link.tsx';
import { Text } from './text.tsx';
import { VirtualRows } from './virtual-rows.tsx';

/** Every number of the report by its place, folded until it is looked for. */
export function AllFigures({ id, search }: { readonly id: string; readonly search: string }) {
  const figures = useResource(`${id} ${search}`, fetchFigures(id, search));
  return (
    <details className="fold" open={search !== ''}>
      <summary>Every number of the report</summary>
      <div className="filters">
        <Search
          label="Place in the report"
          value={search}
          onChange={(figure) => changeQuery({ figure })}
        />
        <TableLink id={id} table="figures" />
      </div>
      <Resource of={figures} what="figures">
        {({ total, figures: rows }) => (
          <VirtualRows
            label={`${total} numbers, ${rows.length} shown`}
            rows={rows}
            height={28}
            head={
              <span className="row-cells two">
                <span>Place</span>
                <span>Value</span>
              </span>
            }
          >
            {({ figure, value }) => (
              <span className="row-cells two">
                <code>
                  <Text>{figure}</Text>
                </code>
                <span className="number">{significant(value)}</span>
              </span>
            )}
          </VirtualRows>
        )}
      </Resource>
    </details>
  );
}
