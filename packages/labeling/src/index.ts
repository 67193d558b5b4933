export { createOpenAIChat } from './openai-chat.ts';
export type { OpenAIChatOptions } from './openai-chat.ts';
export { createModelLabeler } from './model-labeler.ts';
export type { ModelLabelerOptions } from './model-labeler.ts';
export { createOfflineLabeler } from './offline-labeler.ts';
export type { OfflineLabelerOptions } from './offline-labeler.ts';
export { formatFiringSentence, parseFiringSentence } from './firing-sentence.ts';
export type { FiringSentence, FiringToken, Polarity } from './firing-sentence.ts';
