export { measureAgreement } from './agreement.ts';
export type {
  Agreement,
  AgreementAdvantage,
  AgreementAdvantages,
  AgreementMeasure,
  AgreementOptions,
} from './agreement.ts';
export type { Comparison, Judged } from './compare-agreement.ts';
export { crossEstimate } from './cross-estimate.ts';
export type { CrossEstimate, CrossEstimation } from './cross-estimate.ts';
export { crossPredict } from './cross-predict.ts';
export type { CrossPrediction } from './cross-predict.ts';
export { groupKFold } from './folds.ts';
export type { Fold } from './folds.ts';
export { createLasso } from './probes/lasso.ts';
export type { LassoSettings } from './probes/lasso.ts';
export type { LinearFit, LinearProbe } from './probes/linear-probe.ts';
export { createLogistic } from './probes/logistic.ts';
export type { LogisticSettings } from './probes/logistic.ts';
export { createMeanDifference } from './probes/mean-difference.ts';
export { probeFromJSON } from './probes/probe-from-json.ts';
export { createRidge } from './probes/ridge.ts';
export type { RidgeSettings } from './probes/ridge.ts';
export type { ColumnScaling } from './probes/standardise.ts';
export { auroc } from './statistics/auroc.ts';
export { roganGladen } from './statistics/rogan-gladen.ts';
export type { CorrectedRate, JudgedRates } from './statistics/rogan-gladen.ts';
export { averagePrecision } from './statistics/average-precision.ts';
export type { BootstrapInterval, BootstrapSample } from './statistics/bca.ts';
export type { BootstrapTrace, Interval } from './statistics/interval.ts';
export { benjaminiHochberg } from './statistics/benjamini-hochberg.ts';
export { bcaInterval, bootstrapInterval } from './statistics/bootstrap.ts';
export type { BootstrapOptions } from './statistics/bootstrap.ts';
export { brierScore } from './statistics/brier-score.ts';
export { calibration } from './statistics/calibration.ts';
export type { Calibration, ReliabilityBin } from './statistics/calibration.ts';
export { pearson, spearman } from './statistics/correlation.ts';
export type { Correlation } from './statistics/correlation.ts';
export { fisherExact } from './statistics/fisher-exact.ts';
export type { ContingencyTable, FisherExact } from './statistics/fisher-exact.ts';
export { kendallTauB } from './statistics/kendall.ts';
export type { KendallTau } from './statistics/kendall.ts';
export { normalCdf, normalQuantile } from './statistics/normal.ts';
export {
  correlationTest,
  meanDifferenceTest,
  pairedDifferenceTest,
} from './statistics/permutation-test.ts';
export type { PermutationOptions, PermutationTest } from './statistics/permutation-test.ts';
export { precisionAtK } from './statistics/precision-at-k.ts';
export { median, medianAbsoluteDeviation, quantileOfSorted } from './statistics/quantiles.ts';
export { signAccuracy } from './statistics/sign-accuracy.ts';
export { chosenConstants } from './planted/chosen-constants.ts';
export type { ChosenConstant } from './planted/chosen-constants.ts';
export { coverageOf, coverageOfHalves } from './planted/coverage.ts';
export type { Coverage, Estimated } from './planted/coverage.ts';
export { movedAgainst, rateChange } from './planted/rate-change.ts';
export type { RateChange, SampledCount } from './planted/rate-change.ts';
export { rateOf } from './planted/rate.ts';
export type { Rate } from './planted/rate.ts';
export { recallByPower } from './planted/recall-by-power.ts';
export type { PowerBin, ReversedWord } from './planted/recall-by-power.ts';
export { scorePlanted } from './planted/score-planted.ts';
export type { JudgedWord, PlantedScores } from './planted/score-planted.ts';
export { spreadOf } from './planted/spread.ts';
export type { Spread } from './planted/spread.ts';
export { betweenRuns, withBetweenRuns } from './reversals/between-runs.ts';
export type { BetweenRuns, RunsOfTuning } from './reversals/between-runs.ts';
export { fitReversalMixture } from './reversals/mixture.ts';
export { fates } from './reversals/reading.ts';
export type { MixtureParameters, ReversalMixture } from './reversals/mixture.ts';
export type { Fate, Reading, Told } from './reversals/reading.ts';
export { powerOf } from './reversals/power.ts';
export type { Power } from './reversals/power.ts';
export { findReversals, flaggingProbability } from './reversals/reversals.ts';
export type { Reversal, Reversals } from './reversals/reversals.ts';
export { vocabularyDrift } from './reversals/vocabulary-drift.ts';
export type { DriftOptions, UnscoredToken } from './reversals/vocabulary-drift.ts';
export { findDiscrepancies, fitStatedLine } from './discrepancies.ts';
export type {
  DiscrepancyOptions,
  StatedLine,
  WordDiscrepancy,
  WordEstimate,
} from './discrepancies.ts';
export { expectedFeedback, feedbackShift, feedbackSlope, shareOfShift } from './feedback-shift.ts';
export type {
  FeedbackShift,
  ModelsToCompare,
  ShiftOptions,
  ShiftShare,
  StatedCounts,
} from './feedback-shift.ts';
export { judgeFeedback } from './feedback-verdict.ts';
export type { FeedbackEffect, FeedbackToJudge, FeedbackVerdict } from './feedback-verdict.ts';
export { partialRankCorrelation } from './statistics/partial-rank-correlation.ts';
export { findFeatureDiscrepancies } from './feature-discrepancies.ts';
export type { JudgedAgainst } from './feature-controls.ts';
export type { FeatureDiscrepancy, FeatureDiscrepancyOptions } from './feature-discrepancies.ts';
export { impliedReward } from './implied-reward.ts';
export type { ExpectedCounts, ImpliedReward } from './implied-reward.ts';
export { residualContradictions } from './residual-contradictions.ts';
export type { Contradiction } from './residual-contradictions.ts';
export { robustRegression } from './robust-regression.ts';
export type { RobustFit } from './robust-regression.ts';
export { attribute } from './attribution.ts';
export type { Attribution } from './attribution.ts';
export { attributeChange } from './change-attribution.ts';
export type { ChangeAttribution, ChangeEvidence } from './change-attribution.ts';
export { judgeCause } from './causes/judge-cause.ts';
export type {
  CauseEvidence,
  CauseVerdict,
  Criterion,
  CriterionName,
  Shares,
} from './causes/judge-cause.ts';
export { predictionMetric } from './causes/prediction-metric.ts';
export type { Metric } from './causes/prediction-metric.ts';
export {
  attributionOf,
  attributionSubspace,
  differenceSubspace,
  randomSubspace,
  spannedSubspace,
} from './causes/subspace.ts';
export type { Subspace } from './causes/subspace.ts';
export { createAuditStatistics } from './audit-statistics.ts';
export type { AuditStatistics, AuditStatisticsOptions, Enrichment } from './audit-statistics.ts';
export type {
  ContrastEvidence,
  ControlEstimate,
  EstimationInput,
  EstimatorResult,
  FeatureEstimator,
  FeedbackEstimator,
  ProbabilityEstimator,
  WordEvidence,
  WordFigures,
  WordInput,
} from './estimators/feedback-estimator.ts';
export { createLogRatioEstimator } from './estimators/log-ratio.ts';
export { createPaperProbeEstimator } from './estimators/paper-probe.ts';
export { createRawActivationsEstimator } from './estimators/raw-activations.ts';
export { createStatedProbeEstimator } from './estimators/stated-probe.ts';
export { summarizeShift } from './summarize-shift.ts';
export type { RankedToken, ShiftSummary, ShiftSummaryOptions } from './summarize-shift.ts';
export { analysePreferences } from './preferences/analyse-preferences.ts';
export type { PreferenceOptions } from './preferences/preference-input.ts';
export { fitBradleyTerry } from './preferences/bradley-terry.ts';
export type { BradleyTerryOptions } from './preferences/bradley-terry.ts';
export { findPairContradictions } from './preferences/pair-contradictions.ts';
export type {
  PairContradiction,
  PairContradictionOptions,
} from './preferences/pair-contradictions.ts';
export { denseDesign, sparseDesign } from './preferences/design.ts';
export type { Design, SparseRows } from './preferences/design.ts';
export { fitDifferenceRidge } from './preferences/difference-ridge.ts';
export { evaluateFindings } from './preferences/evaluate-findings.ts';
export type { PairTruth } from './preferences/evaluate-findings.ts';
export { impliedReplyReward, measurePair } from './preferences/implied-margin.ts';
export type { PairMeasures } from './preferences/implied-margin.ts';
export { pairAccuracies } from './preferences/pair-accuracy.ts';
export type {
  ControlComparison,
  PairAccuracy,
  PairAccuracyOptions,
  PairScorer,
} from './preferences/pair-accuracy.ts';
export type { PooledAccuracy, PooledFeatures } from './preferences/pooled-probe.ts';
export { pairProbeScores } from './preferences/pair-probe.ts';
export type { PairProbeOptions } from './preferences/pair-probe.ts';
export { scorersOf } from './preferences/probe-pairs.ts';
export type { PairProbeInput, PairProbes } from './preferences/probe-pairs.ts';
export { createPreferenceStatistics } from './preferences/preference-statistics.ts';
export type {
  PreferenceStatistics,
  PreferenceStatisticsOptions,
} from './preferences/preference-statistics.ts';
export type {
  PairFinding,
  PairWord,
  PreferenceAnalysis,
} from './preferences/preference-analysis.ts';
export type {
  PairFeatures,
  PreferenceInput,
  ReplyEvidence,
} from './preferences/preference-input.ts';
export type { Weight } from './preferences/weights-with-errors.ts';
export { labelFreeDiscrepancies } from './label-free-discrepancies.ts';
export type { LabelFreeOptions } from './label-free-discrepancies.ts';
export { findTextDiscrepancies } from './find-text-discrepancies.ts';
export type { TextDiscrepancies, TextDiscrepancy, TextMeasure } from './find-text-discrepancies.ts';
export { editEffect } from './properties/edit-effect.ts';
export type { EditOutcomes } from './properties/edit-effect.ts';
export { judgeProperties } from './properties/judge-properties.ts';
export type { Comparisons } from './properties/label-effects.ts';
export { labelInfluences } from './properties/label-influence.ts';
export { labelEffect } from './properties/label-effects.ts';
export { explainLabels, labelsOfFound } from './properties/label-model.ts';
export { othersOf } from './properties/stand-ins.ts';
export type { StandIns } from './properties/stand-ins.ts';
export type { LabelModel } from './properties/label-model.ts';
export type { Estimate } from './properties/learned-effects.ts';
export { effectsThroughFeatures, risePerDeviation } from './properties/through-features.ts';
export type { ThroughFeatures } from './properties/through-features.ts';
export { predictionFit } from './properties/prediction-fit.ts';
export type { PredictionFit } from './properties/prediction-fit.ts';
export { predictProperties } from './properties/predict-properties.ts';
export { tokenTilts } from './properties/token-tilts.ts';
export type { TokenPairs, TokenTilts } from './properties/token-tilts.ts';
export type {
  PredictedProperty,
  PredictionEvidence,
  ForetoldReplies,
} from './properties/predict-properties.ts';
export { changedLabels, undoEffects } from './properties/undo-effects.ts';
export type { UndoBy, Undoing, UndoOptions } from './properties/undo-effects.ts';
export { BOUND } from './properties/rewarded-properties.ts';
export { propertyVerdicts } from './properties/judged-property.ts';
export type {
  JudgedProperty,
  PropertyAnalysis,
  PropertyColumn,
  PropertyVerdict,
  Resemblance,
} from './properties/judged-property.ts';
export type {
  Declared,
  FoundProperties,
  FreshReplies,
  LabelledReplies,
  RatedReplies,
  LogRatios,
  PropertyEvidence,
  PropertyPlacebo,
  RewardedPairs,
} from './properties/property-evidence.ts';
export { agreedAnnotations } from './agreed-annotations.ts';
export type { AnnotationAgreement, TwiceAnnotated } from './agreed-annotations.ts';
export { cohenKappa } from './statistics/cohen-kappa.ts';
export type { Kappa } from './statistics/cohen-kappa.ts';
export { propertiesBeyondTold, wordsBeyondTold } from './looks/beyond-told.ts';
export type { BeyondOptions, BeyondTold } from './looks/beyond-told.ts';
export { spendAlpha } from './looks/spend-alpha.ts';
export { whenLearned } from './looks/when-learned.ts';
export type { EffectAtStep, WhenLearned } from './looks/when-learned.ts';
export { fleissKappa } from './statistics/fleiss-kappa.ts';
