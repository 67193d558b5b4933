import { useState } from 'react';
import { askContinue } from '../api/client.ts';
import type { PlaygroundPrompt } from '../../api/playground.ts';
import { useAction } from '../hooks/use-action.ts';
import { NumberField } from './number-field.tsx';
import { Text } from './text.tsx';

interface ContinueProps {
  readonly id: string;
  readonly prompt: PlaygroundPrompt;
  readonly off: readonly string[];
  readonly onOff: (features: readonly string[]) => void;
  readonly canSteer: boolean;
}

/** The text continued by base and tuned model, and by the tuned one with features off or the learned direction added. */
export function Continue({ id, prompt, off, onOff, canSteer }: ContinueProps) {
  const [dose, setDose] = useState(0);
  const [temperature, setTemperature] = useState(0);
  const [newTokens, setNewTokens] = useState(24);
  const [seed, setSeed] = useState(0);
  const written = useAction(() =>
    askContinue(id, {
      prompt,
      ablate: off.map(placeOf),
      ...{ dose, temperature, newTokens, seed },
    }),
  );
  return (
    <section aria-labelledby="continue">
      <h2 id="continue">Write on</h2>
      <div className="filters">
        <NumberField label="Tokens" value={newTokens} min={1} max={200} onChange={setNewTokens} />
        <NumberField
          label="Temperature"
          value={temperature}
          min={0}
          max={5}
          step={0.1}
          onChange={setTemperature}
        />
        <NumberField label="Seed" value={seed} min={0} max={0xffff_ffff} onChange={setSeed} />
        {canSteer && (
          <NumberField
            label="Steer, dose"
            value={dose}
            min={-20}
            max={20}
            step={0.5}
            onChange={setDose}
          />
        )}
        <button type="button" aria-busy={written.busy} onClick={() => written.run()}>
          {written.value ? 'Write again' : 'Write on'}
        </button>
      </div>
      <p className="soft small">
        {off.length === 0 ? 'No feature is switched off.' : `Switched off: ${off.join(', ')}. `}
        {off.length > 0 && (
          <button type="button" className="quiet" onClick={() => onOff([])}>
            Switch all on
          </button>
        )}{' '}
        {!canSteer && 'The run found no direction to steer along.'}
      </p>
      {written.problem !== undefined && (
        <p className="problem" role="alert">
          {written.problem}
        </p>
      )}
      {written.busy && (
        <p className="soft" role="status">
          Writing…
        </p>
      )}
      {written.value && (
        <dl className="continuations">
          <Version name="Base" text={written.value.base} />
          <Version name="Tuned" text={written.value.tuned} />
          {written.value.changed !== null && (
            <Version name="Tuned, changed" text={written.value.changed} />
          )}
        </dl>
      )}
    </section>
  );
}

function Version({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Text>{text}</Text>
      </dd>
    </div>
  );
}

/** `site/index`; a site has no slash, an index is a number. */
function placeOf(feature: string): { readonly site: string; readonly index: number } {
  const at = feature.lastIndexOf('/');
  return { site: feature.slice(0, at), index: Number(feature.slice(at + 1)) };
}
