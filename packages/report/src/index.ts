export { defineChapter } from './chapter.ts';
export type {
  Card,
  Chapter,
  ChapterAnswer,
  ChapterReport,
  HeadPicture,
  NextStep,
  Part,
  PartOf,
  Section,
  Statement,
  Term,
} from './chapter.ts';
export { composeReport } from './compose-report.ts';
export type { ComposedReport, FoundOf } from './compose-report.ts';
export {
  anotherFolder,
  commandFlag,
  commandOf,
  flagOf,
  onSameModels,
  startedOtherwise,
} from './commands.ts';
export type { Answer, RunFacts, Summary } from './run-facts.ts';
export { bootstrapped, interval } from './shapes.ts';
export { terms } from './terms.ts';
export { html, Markup } from './html.ts';
export type { Child } from './html.ts';
export { empty, section } from './section.ts';
export { listed, plural, shorten } from './text.ts';
export {
  bracketed,
  count,
  duration,
  fixed,
  mean,
  percent,
  perThousand,
  probability,
  probabilityOf,
  signed,
  significant,
} from './format.ts';
export { plainNumber, plainPercent, quoted } from './plain.ts';
export { heatClass, heatLimit, heatSteps, ramp, token } from './heat.ts';
export { heatKey } from './heat-key.ts';
export { bars } from './charts/bars.ts';
export { dots } from './charts/dots.ts';
export type { DotRow } from './charts/dots.ts';
export { foretellInWords, renderPrediction } from './page/render-prediction.ts';
export type { ForetoldPairs } from './page/render-prediction.ts';
export { renderFeatures } from './page/render-features.ts';
export type { FeaturesPage, ShownFeature } from './page/render-features.ts';
export { dumbbell } from './charts/dumbbell.ts';
export { responsive } from './charts/frame.ts';
export { lineChart } from './charts/line.ts';
export { miniBar } from './charts/mini-bar.ts';
export { scatter } from './charts/scatter.ts';
export type { ScatterPoint } from './charts/scatter.ts';
export { renderTrajectory } from './trajectory/page.ts';
export { trajectorySchema } from './trajectory/schema.ts';
export type { Trajectory, TrajectoryAlarm, TrajectoryItem } from './trajectory/schema.ts';
export { alarmSentence, trajectorySentence } from './trajectory/sentences.ts';
