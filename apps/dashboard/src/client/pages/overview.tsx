import { isToldByEvents, statusOf } from '../../api/responses.ts';
import type { RunDetail } from '../../api/responses.ts';
import { Curves } from '../components/curves.tsx';
import { Findings } from '../components/findings.tsx';
import { RunControls } from '../components/run-controls.tsx';
import { RunTrouble } from '../components/run-trouble.tsx';
import { SettingsList } from '../components/settings-list.tsx';
import { StageList } from '../components/stage-list.tsx';

/** How a run goes on: stages with rates, curves, what was found so far; how it can be stopped and continued. */
export function Overview({ detail, now }: { readonly detail: RunDetail; readonly now: number }) {
  const { state, facts, writing } = detail;
  const status = statusOf(state.status, writing);
  return (
    <>
      <RunTrouble status={status} failure={state.failure} command={facts.command} />
      <RunControls id={detail.id} writing={writing} status={status} command={facts.command} />
      <div className="columns">
        <StageList stages={state.stages} live={writing} now={now} />
        <div>
          <Findings findings={state.findings} />
          {!isToldByEvents(facts.kind) && <Curves curves={state.curves} stages={state.stages} />}
          <SettingsList settings={facts.settings} />
        </div>
      </div>
    </>
  );
}
