import { askFeature } from '../api/client.ts';
import type { Feature } from '../../api/features.ts';
import { significant } from '../format.ts';
import { useAction } from '../hooks/use-action.ts';
import type { PlaygroundPrompt } from '../../api/playground.ts';
import { HeatText } from './heat-text.tsx';
import { NeedsToken } from './needs-token.tsx';
import { PromptForm } from './prompt-form.tsx';
import { TokenEffects } from './token-effects.tsx';

/** Where a feature is active in a text of one's own; and, where the audit did not say, what it does to the next token. */
export function AskFeature({ id, feature }: { readonly id: string; readonly feature: Feature }) {
  const asked = useAction((prompt: PlaygroundPrompt) => askFeature(id, feature, prompt));
  const most = Math.max(feature.histogram?.most ?? 0, ...(asked.value?.activations ?? []));
  return (
    <section aria-labelledby="try">
      <h2 id="try">Try it on a text</h2>
      <NeedsToken />
      <PromptForm busy={asked.busy} onAsk={(prompt) => asked.run(prompt)} />
      {asked.problem !== undefined && (
        <p className="problem" role="alert">
          {asked.problem}
        </p>
      )}
      {asked.busy && (
        <p className="soft" role="status">
          Reading; the first time, the model is loaded…
        </p>
      )}
      {asked.value && (
        <>
          <HeatText
            tokens={asked.value.tokens}
            values={asked.value.activations}
            most={most}
            titleOf={(t) => `activation ${significant(asked.value?.activations[t] ?? 0)}`}
          />
          <p className="soft small">
            {asked.value.activations.every((one) => one === 0)
              ? 'It is not active here.'
              : `At most ${significant(Math.max(...asked.value.activations))} here; shaded most: ${significant(most)}.`}
          </p>
          {feature.tokens === null && <TokenEffects tokens={asked.value.effects} words={[]} />}
        </>
      )}
    </section>
  );
}
