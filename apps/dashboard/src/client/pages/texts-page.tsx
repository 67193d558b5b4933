import { textSorts } from '../../api/texts.ts';
import type { TextList, TextRow } from '../../api/texts.ts';
import { fetchTexts } from '../api/client.ts';
import { snapshot } from '../api/snapshot.ts';
import { Choice, Search } from '../components/fields.tsx';
import { HeatText } from '../components/heat-text.tsx';
import { Resource } from '../components/resource.tsx';
import { TableLink } from '../components/table-link.tsx';
import { VirtualRows } from '../components/virtual-rows.tsx';
import { count, significant } from '../format.ts';
import { PAGE, usePages } from '../hooks/use-pages.ts';
import { changeQuery, follow, runPath } from '../hooks/use-route.ts';

interface TextsPageProps {
  readonly id: string;
  readonly edition: string;
  readonly query: URLSearchParams;
}

const sortNames = {
  order: 'as in the file',
  moved: 'moved furthest',
  up: 'more probable first',
  down: 'less probable first',
} as const;

/** Shift that is shaded most in a list, nats. */
const MOST = 2;

/** The texts that were read: how far tuning moved each and its tokens; those with a word, on demand. */
export function TextsPage({ id, edition, query }: TextsPageProps) {
  const [word, sort] = [query.get('word') ?? '', query.get('sort') ?? ''];
  const wanted = new URLSearchParams([
    ...(word ? [['word', word]] : []),
    ...(sort ? [['sort', sort]] : []),
  ]);
  const { first: texts, rows } = usePages(`${id} ${edition} ${wanted}`, {
    load: (offset, signal) => {
      const page = [...wanted, ['limit', `${PAGE}`], ['offset', `${offset}`]];
      return fetchTexts(id, new URLSearchParams(page))(signal);
    },
    rowsOf: (page: TextList) => page.texts,
  });
  return (
    <>
      {!snapshot && (
        <div className="filters">
          <Search
            label="With the word"
            value={word}
            onChange={(given) => changeQuery({ word: given })}
          />
          <Choice
            label="Sort"
            value={sort}
            none={sortNames.order}
            choices={textSorts.slice(1)}
            names={sortNames}
            onChange={(given) => changeQuery({ sort: given })}
          />
        </div>
      )}
      <Resource of={texts} what="texts">
        {({ total, tokens }) => (
          <>
            <p className="soft small links">
              <span role="status">{count(total)} texts</span>
              <span>{count(tokens)} tokens in all of them</span>
              <TableLink id={id} table="tokens" />
            </p>
            <VirtualRows label="Texts" rows={rows} height={34} head={<Head />}>
              {(row, tabIndex) => <Row id={id} row={row} tabIndex={tabIndex} />}
            </VirtualRows>
            <p className="soft small">
              Red: tuning made the token more probable; blue: less. Shaded by log p(tuned) − log
              p(base); {MOST} nats and more most.
            </p>
          </>
        )}
      </Resource>
    </>
  );
}

const Head = () => (
  <span className="row-cells text-cells">
    <span>Text</span>
    <span className="number">Mean shift</span>
    <span className="number wide">Tokens</span>
    <span>How it begins, or what surrounds the word</span>
  </span>
);

const Row = ({
  id,
  row,
  tabIndex,
}: {
  readonly id: string;
  readonly row: TextRow;
  readonly tabIndex: number;
}) => (
  <span className="row-cells text-cells">
    <a href={runPath(id, 'texts', `${row.text}`)} tabIndex={tabIndex} onClick={follow}>
      {row.text}
    </a>
    <span className="number">{row.mean === null ? '–' : significant(row.mean)}</span>
    <span className="number wide">{count(row.length)}</span>
    <HeatText tokens={row.tokens} values={row.shifts} most={MOST} />
  </span>
);
