import { reportUrl } from '../api/client.ts';
import { Message } from './message.tsx';

interface ReportViewProps {
  readonly id: string;
  readonly hasReport: boolean;
  /** A new report replaces the shown one. */
  readonly writtenAt: string | null;
}

/** The run's report, in a frame that can do nothing to this page. */
export function ReportView({ id, hasReport, writtenAt }: ReportViewProps) {
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
      </p>
      <iframe
        key={writtenAt}
        className="report"
        title={`Report of ${id}`}
        src={reportUrl(id)}
        sandbox="allow-scripts"
      />
    </section>
  );
}
