import type { Audit } from '../../api/audit.ts';
import { exportUrl, fetchAudit } from '../api/client.ts';
import { snapshot } from '../api/snapshot.ts';
import { AllFigures } from '../components/all-figures.tsx';
import { AnswerList } from '../components/answer-list.tsx';
import { CauseList } from '../components/cause-list.tsx';
import { FigureList } from '../components/figure-list.tsx';
import { PropertyPlot } from '../components/property-plot.tsx';
import { Resource } from '../components/resource.tsx';
import { Text } from '../components/text.tsx';
import { WordPlot } from '../components/word-plot.tsx';
import { count, duration } from '../format.ts';
import { useResource } from '../hooks/use-resource.ts';

interface AuditPageProps {
  readonly id: string;
  /** Changes when there is a new report. */
  readonly edition: string;
  readonly query: URLSearchParams;
}

/** The story, top to bottom: the verdict with its picture, what it rests on, what could not be seen, what to do next. */
export function AuditPage({ id, edition, query }: AuditPageProps) {
  const audit = useResource(`${id} ${edition}`, fetchAudit(id));
  return (
    <Resource of={audit} what="what was found">
      {(found) => (
        <>
          <Given audit={found} />
          <p className="lead">
            <Text>{found.answer.sentence}</Text>
          </p>
          <div className="split">
            <Picture id={id} audit={found} />
            <AnswerList answer={found.answer} />
          </div>
          <section aria-labelledby="figures">
            <h2 id="figures">Figures</h2>
            <FigureList id={id} figures={found.figures} placebos={found.placebos} />
          </section>
          {found.causes && <CauseList id={id} causes={found.causes} />}
          <section aria-labelledby="sentences">
            <h2 id="sentences">All findings</h2>
            <ul className="findings">
              {found.summary.map((sentence) => (
                <li key={sentence}>
                  <Text>{sentence}</Text>
                </li>
              ))}
            </ul>
          </section>
          {!snapshot && <AllFigures id={id} search={query.get('figure') ?? ''} />}
          {!snapshot && (
            <p className="small">
              <a href={exportUrl(id)} download>
                A copy of these views that needs no server
              </a>
            </p>
          )}
        </>
      )}
    </Resource>
  );
}

/** What was compared, and on what. */
function Given({ audit }: { readonly audit: Audit }) {
  const { models, texts, feedback, rewarded, pending, seconds } = audit;
  return (
    <p className="soft small given">
      <span>
        base <Text>{models.base}</Text>
      </span>
      <span>
        tuned <Text>{models.tuned}</Text>
      </span>
      {feedback !== null && (
        <span>
          feedback <Text>{feedback}</Text>
        </span>
      )}
      {rewarded !== null && (
        <span>
          rewarded <Text>{rewarded}</Text>
        </span>
      )}
      <span>
        read {count(texts.count)} texts, {count(texts.tokens)} tokens
        {texts.truncated > 0 && <>; {count(texts.truncated)} cut</>}
      </span>
      <span>{duration(seconds)}</span>
      {pending.length > 0 && (
        <span>first findings: {pending.length} sections are still to come</span>
      )}
    </p>
  );
}

function Picture({ id, audit }: { readonly id: string; readonly audit: Audit }) {
  if (audit.properties.length > 0) return <PropertyPlot id={id} rows={audit.properties} />;
  if (audit.words.length > 0) return <WordPlot words={audit.words} />;
  return <p className="soft">Nothing was stated of words, and no properties were judged.</p>;
}
