// Watch an audit while it runs: which stage began, how far it is, what it found.
// node examples/dist/watch-events.js [run folder] [base folder] [tuned folder] [texts file]
import { audit } from 'feedprint';
import { demo } from './demo.ts';

const [
  out = 'runs/watched',
  base = demo('base'),
  tuned = demo('tuned-planted'),
  texts = demo('texts.jsonl'),
] = process.argv.slice(2);

const { html } = await audit({
  base,
  tuned,
  texts,
  feedback: 'vader',
  maxTexts: 60,
  placeboTokens: 0,
  quick: true,
  out,
  onEvent: (event) => {
    if (event.type === 'stage-started') console.log(`${event.stage} begins`);
    if (event.type === 'stage-progress')
      console.log(`  ${event.done}/${event.total} ${event.unit}`);
    if (event.type === 'finding') console.log(`  found: ${event.text}`);
    if (event.type === 'run-finished') console.log('done');
  },
});
console.log(html);
