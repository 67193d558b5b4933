import type { WordRow } from '../../api/audit.ts';
import { fetchAudit } from '../api/client.ts';
import { Choice, Search } from '../components/fields.tsx';
import { Message } from '../components/message.tsx';
import { Resource } from '../components/resource.tsx';
import { TableLink } from '../components/table-link.tsx';
import { Text } from '../components/text.tsx';
import { VirtualRows } from '../components/virtual-rows.tsx';
import { WordPlot } from '../components/word-plot.tsx';
import { significant } from '../format.ts';
import { changeQuery } from '../hooks/use-route.ts';
import { useResource } from '../hooks/use-resource.ts';

interface WordsPageProps {
  readonly id: string;
  readonly edition: string;
  readonly query: URLSearchParams;
}

const sorts = ['score', 'word', 'stated', 'learned', 'n'] as const;

/** Every word that something is stated of: what was stated, what was learned, how sure. */
export function WordsPage({ id, edition, query }: WordsPageProps) {
  const audit = useResource(`${id} ${edition}`, fetchAudit(id));
  return (
    <Resource of={audit} what="words">
      {({ words }) => {
        if (words.length === 0) return <Message title="Nothing was stated of single words" />;
        const shown = narrowedWords(words, query);
        return (
          <>
            <WordPlot words={words} />
            <div className="filters">
              <Search
                label="Search words"
                value={query.get('search') ?? ''}
                onChange={(search) => changeQuery({ search })}
              />
              <Choice
                label="Show"
                value={query.get('show') ?? ''}
                choices={['the other way round']}
                none="all words"
                onChange={(show) => changeQuery({ show })}
              />
              <Choice
                label="Sort"
                value={query.get('sort') ?? 'score'}
                choices={sorts}
                onChange={(sort) => changeQuery({ sort })}
              />
              <span className="soft small" role="status">
                {shown.length} of {words.length}
              </span>
              <TableLink id={id} table="words" />
            </div>
            <VirtualRows label="Words" rows={shown} height={30} head={<Head />}>
              {(word) => (
                <span className={`row-cells word-cells ${word.flagged ? 'flag' : ''}`}>
                  <Text>{word.word}</Text>
                  <span className="number">{significant(word.stated)}</span>
                  <span className="number" title={intervalOf(word)}>
                    {significant(word.estimate)}
                  </span>
                  <span className="number wide">{significant(word.score)}</span>
                  <span className="number wide">{word.n}</span>
                  <span>
                    {word.flagged && (
                      <>
                        <span className="wide">the other way round</span>
                        <span className="only-narrow">reversed</span>
                      </>
                    )}
                  </span>
                </span>
              )}
            </VirtualRows>
          </>
        );
      }}
    </Resource>
  );
}

const Head = () => (
  <span className="row-cells word-cells">
    <span>Word</span>
    <span className="number">Stated</span>
    <span className="number">Learned</span>
    <span className="number wide">Score</span>
    <span className="number wide">n</span>
    <span />
  </span>
);

function narrowedWords(words: readonly WordRow[], query: URLSearchParams): WordRow[] {
  const search = (query.get('search') ?? '').toLowerCase();
  const found = words.filter(
    (word) => word.word.toLowerCase().includes(search) && (!query.get('show') || word.flagged),
  );
  switch (query.get('sort')) {
    case 'word':
      return found.toSorted((a, b) => a.word.localeCompare(b.word));
    case 'stated':
      return found.toSorted((a, b) => b.stated - a.stated);
    case 'learned':
      return found.toSorted((a, b) => b.estimate - a.estimate);
    case 'n':
      return found.toSorted((a, b) => b.n - a.n);
    default:
      return found.toSorted((a, b) => Number(b.flagged) - Number(a.flagged) || b.score - a.score);
  }
}

const intervalOf = ({ low, high, n }: WordRow): string =>
  low === null || high === null
    ? `n = ${n}; no interval`
    : `95 % interval ${significant(low)} to ${significant(high)}; n = ${n}`;
