import type { RunKind } from '../../api/responses.ts';
import { exportUrl, reportUrl } from '../api/client.ts';
import { Message } from '../components/message.tsx';

interface ReportPageProps {
  readonly id: string;
  readonly kind: RunKind;
  readonly hasReport: boolean;
  /** A new report replaces the shown one. */
  readonly edition: string;
}

/** The run's report, in a frame that can do nothing to this page. */
export function ReportPage({ id, kind, hasReport, edition }: ReportPageProps) {
  if (!hasReport)
    return <Message title="No report yet">It is written with the first findings.</Message>;
  return (
    <section aria-label="Report">
      <p className="report-links soft small">
        <a href={reportUrl(id)} target="_blank" rel="noreferrer">
          Open in a new tab
        </a>
        <a href={reportUrl(id, 'json')} target="_blank" rel="noreferrer">
          The numbers (report.json)
        </a>
        {(kind === 'audit' || kind === 'trajectory') && (
          <a href={exportUrl(id)} download>
            A copy of these views that needs no server
          </a>
        )}
      </p>
      <iframe
        key={edition}
        className="report"
        title={`Report of ${id}`}
        src={reportUrl(id)}
        sandbox="allow-scripts"
      />
    </section>
  );
}
