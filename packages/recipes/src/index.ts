export { captureRun } from './capture/capture-run.ts';
export type { CaptureRunOptions, CapturedRun } from './capture/capture-run.ts';
export { auditReport } from './audit/audit-report.ts';
export type { AuditFound, AuditReport } from './audit/audit-report.ts';
export { readChangeScores } from './audit/changes/tables.ts';
export type { ExchangeParts } from './audit/location/exchange-parts.ts';
export type { ChangeParts } from './audit/changes/change-parts.ts';
export type { ChangeScore } from './audit/changes/change-score.ts';
export { createReplyEncoder } from './encode-pair.ts';
export type {
  EncodedPair,
  EncodedReplies,
  EncodedReply,
  ReplyEncoder,
  ReplyEncoderOptions,
} from './encode-pair.ts';
export type { Prompt, WholeReply } from './write-replies.ts';
export { readDirection } from './audit/causes/direction.ts';
export type { LearnedDirection } from './audit/causes/direction.ts';
export { figuresIn } from './audit/figures-table.ts';
export type { Figure } from './audit/figures-table.ts';
export { chooseFeedback, usualRubric } from './audit/defaults/choose-feedback.ts';
export type {
  ChosenFeedback,
  FeedbackOptions,
  GivenFeedback,
} from './audit/defaults/choose-feedback.ts';
export { chooseLexicon, vaderQuestion } from './audit/defaults/choose-lexicon.ts';
export type { Feedback, LexiconFeedback } from './audit/defaults/choose-lexicon.ts';
export { feedbackGrammar, parseFeedback } from './audit/defaults/parse-feedback.ts';
export type { FeedbackSpec } from './audit/defaults/parse-feedback.ts';
export { readTold, toldSchema } from './audit/defaults/read-told.ts';
export type { Told } from './audit/defaults/read-told.ts';
export type { ReplySignal } from './audit/told/reply-signal.ts';
export { createLabeler, labelers } from './audit/defaults/create-labeler.ts';
export type { LabelerName, LabelerOptions } from './audit/defaults/create-labeler.ts';
export { defaultParts } from './audit/defaults/default-parts.ts';
export type { DefaultPartsOptions, ReplacedParts } from './audit/defaults/default-parts.ts';
export type { AuditInputs, AuditOptions } from './audit/open-audit.ts';
export type { AuditParts, SaeEvaluation, ScoredWord, TripleMaker } from './audit/parts.ts';
export { measureWords } from './audit/measure-words.ts';
export type { MeasuredWords } from './audit/measure-words.ts';
export { noisyModel } from './audit/placebos/noisy-model.ts';
export { matchTemperature } from './audit/placebos/temperature.ts';
export { warmModel } from './audit/placebos/warm-model.ts';
export { runAudit } from './audit/run-audit.ts';
export type { AuditResult, AuditRunOptions } from './audit/run-audit.ts';
export { runEstimates } from './audit/run-estimates.ts';
export type { Estimates } from './audit/run-estimates.ts';
export type { JudgedWord, Judgement } from './audit/words/judge.ts';
export { auditPresets, auditSettingsSchema, parseAuditSettings } from './audit/settings.ts';
export type { AuditSettings, AuditSettingsInput, Preset } from './audit/settings.ts';
export type { ShiftParts } from './audit/shift/shift-parts.ts';
export { auditSource } from './labels/audit-source.ts';
export type { AuditLabelSource } from './labels/audit-source.ts';
export { describeFeatures } from './labels/describe-features.ts';
export type { DescribeFeaturesOptions } from './labels/describe-features.ts';
export { featureLabelSchema, labelFeatures } from './labels/label-features.ts';
export type { FeatureLabel, LabelFeaturesOptions } from './labels/label-features.ts';
export { labelRun, labelsSchema } from './labels/label-run.ts';
export type { LabelResult, LabelRunOptions, Labels } from './labels/label-run.ts';
export type { LabelSource } from './labels/label-source.ts';
export { readGivenLabels } from './labels/read-given-labels.ts';
export { recordsSource } from './labels/records-source.ts';
export { readLabels } from './labels/read-labels.ts';
export { reflectData } from './reflect/reflect-data.ts';
export type {
  OutcomeCounts,
  ReflectDataOptions,
  ReflectedExample,
  ReflectionReport,
} from './reflect/reflect-data.ts';
export { createSheet } from './sheets/create-sheet.ts';
export type { SheetOptions } from './sheets/create-sheet.ts';
export { readAnswers } from './sheets/read-answers.ts';
export type { SheetAnswers } from './sheets/read-answers.ts';
export { scoreSheet } from './sheets/score-sheet.ts';
export type { Agreement, AnnotatorScore, SheetScore } from './sheets/score-sheet.ts';
export { sheetKeySchema } from './sheets/sheet.ts';
export type { Sheet, SheetKey } from './sheets/sheet.ts';
export { sheetCsv } from './sheets/sheet-csv.ts';
export { saeSource } from './labels/sae-source.ts';
export { calibrateGrader } from './judges/calibrate-grader.ts';
export type {
  FaultGrades,
  GraderCalibration,
  GraderCalibrationOptions,
} from './judges/calibrate-grader.ts';
export { calibrateLabeler } from './judges/calibrate-labeler.ts';
export type { LabelerCalibration } from './judges/calibrate-labeler.ts';
export { judgeCalibrationSchema, summarizeJudge } from './judges/judge-calibration.ts';
export type { CalibratedJudge, JudgeCalibration } from './judges/judge-calibration.ts';
export type { JudgedItem } from './judges/judged-item.ts';
export { plantFeedback } from './plant/plant-feedback.ts';
export type { PlantOptions, PlantedModel } from './plant/plant-feedback.ts';
export type { PlantedTruth } from './plant/feedback-file.ts';
export { parsePlantSettings, plantMethods } from './plant/settings.ts';
export type { PlantMethod, PlantSettingsInput } from './plant/settings.ts';
export { errorMeasures } from './sae/context.ts';
export type { ErrorMeasure } from './sae/context.ts';
export type { MeasuredSae } from './sae/evaluate/evaluated-saes.ts';
export { evaluateSaeOnTexts } from './sae/evaluate/evaluate-on-texts.ts';
export type { SaeOnTexts, SaeOnTextsOptions } from './sae/evaluate/evaluate-on-texts.ts';
export { finetuneSaeOnTexts } from './sae/finetune/finetune-on-texts.ts';
export type { FinetuneSaeOnTextsOptions } from './sae/finetune/finetune-on-texts.ts';
export type { SaeRunOptions } from './sae/make-saes.ts';
export { checkSites, pairProblem, tryModel } from './sae/models.ts';
export type { PublishedSae } from './sae/publish.ts';
export type { RowKind, SaeModels } from './sae/rows.ts';
export type { SaeTexts } from './sae/texts.ts';
export { sparsityOf, trainableKinds } from './sae/train/kinds.ts';
export type { Sparsity, TrainableKind } from './sae/train/kinds.ts';
export type { SaeGrid } from './sae/train/plan.ts';
export { trainSaes } from './sae/train/train-saes.ts';
export type { TrainSaesOptions } from './sae/train/train-saes.ts';
export { finetuneModel } from './finetune/finetune-model.ts';
export type { FinetunedModel, FinetuneModelOptions } from './finetune/finetune-model.ts';
export {
  preparePairsToLearn,
  prepareRatingsToLearn,
  prepareTextsToLearn,
} from './finetune/prepare.ts';
export type { PrepareOptions } from './finetune/prepare.ts';
export { sequencesIn } from './finetune/prepared.ts';
export type { LabelledReply, Prepared, ReplyPair } from './finetune/prepared.ts';
export { finetuneMethods } from './finetune/tasks.ts';
export type { FinetuneMethod } from './finetune/tasks.ts';
export { discoverProperties } from './properties/discover-properties.ts';
export type { DiscoveredProperties, DiscoverOptions } from './properties/discover-properties.ts';
export { createDescribedFinder } from './audit/properties/found/described-finder.ts';
export type { DescribedFinderOptions } from './audit/properties/found/described-finder.ts';
export { createDifferenceFinder } from './audit/properties/found/difference-finder.ts';
export type {
  FindOptions,
  PropertiesInPairs,
  PropertyFinder,
} from './audit/properties/found/property-finder.ts';
export { differenceProperties } from './properties/difference-properties.ts';
export type {
  DifferenceProperties,
  DifferencePropertiesOptions,
} from './properties/difference-properties.ts';
export { pairMargins } from './properties/pair-margins.ts';
export type { PairMarginsOptions } from './properties/pair-margins.ts';
export { readAuditReport } from './audit/read-report.ts';
export { foretold } from './audit/properties/foretold.ts';
export { predictPairs } from './predict/predict-pairs.ts';
export type { PredictOptions } from './predict/predict-pairs.ts';
export { readPrediction } from './predict/read-prediction.ts';
export { predictionSchema } from './predict/schema.ts';
export type { Prediction } from './predict/schema.ts';
export { predictSettingsSchema } from './predict/settings.ts';
export type { PredictSettings } from './predict/settings.ts';
export { changesFile, repairPairs } from './repair/repair-pairs.ts';
export type { RepairOptions } from './repair/repair-pairs.ts';
export { repairSchema } from './repair/schema.ts';
export type { Repair } from './repair/schema.ts';
export { repairMethods } from './repair/settings.ts';
export type { RepairMethod } from './repair/settings.ts';
export { rewardMethods, rewardSettingsSchemas } from './reward/settings.ts';
export type { RewardMethod, RewardSettings } from './reward/settings.ts';
export { tuneOnReward } from './reward/tune-on-reward.ts';
export type { RewardTuned, TuneOnRewardOptions } from './reward/tune-on-reward.ts';
export { createWatch } from './trajectory/create-watch.ts';
export type { Watch, WatchOptions } from './trajectory/create-watch.ts';
export { runTrajectory } from './trajectory/run-trajectory.ts';
export type { TrajectoryOptions, TrajectoryResult } from './trajectory/run-trajectory.ts';
export type { SavedCheckpoint } from './trajectory/look.ts';
export { prepareContrast } from './pinpoint/contrast.ts';
export type { Contrast, ContrastivePrompt } from './pinpoint/contrast.ts';
export { pinpointModel } from './pinpoint/pinpoint-model.ts';
export type { ComparedTuning, Pinpointed, PinpointOptions } from './pinpoint/pinpoint-model.ts';
export { featureEffects, featureOnText } from './questions/ask-feature.ts';
export type { FeatureOnText } from './questions/ask-feature.ts';
export { continueTokens } from './questions/continue-tokens.ts';
export type { Continuations, ContinueOptions, Intervention } from './questions/continue-tokens.ts';
export { tryReplyEdits } from './questions/edit-reply.ts';
export type { EditedVersion, RatedReply, ReplyEdits } from './questions/edit-reply.ts';
export { readEvidence } from './questions/read-evidence.ts';
export { labelSteps, readLabelCalls } from './questions/read-label-calls.ts';
export type { LabelCall } from './questions/read-label-calls.ts';
export { nearestFeatures } from './questions/nearest-features.ts';
export type { NearFeature } from './questions/nearest-features.ts';
export { readProbeWeights } from './questions/probe-weights.ts';
export { readFeatureActivity } from './questions/feature-activity.ts';
export type { ActivePlace, FeatureActivity } from './questions/feature-activity.ts';
export { readNamedPairs } from './read-named-pairs.ts';
export { readPairsOf } from './questions/read-pairs-of.ts';
export type { ShownPair, ShownProperty } from './questions/read-pairs-of.ts';
export { readTokens } from './questions/read-tokens.ts';
export type { ActiveFeature, NextToken, ReadText, ReadToken } from './questions/read-tokens.ts';
export { openRunModels, readRunTokenizer } from './questions/run-models.ts';
export type { RunModels } from './questions/run-models.ts';
export { openRunSaes } from './questions/run-saes.ts';
export type { RunDictionaries } from './questions/run-saes.ts';
