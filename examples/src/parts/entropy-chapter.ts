import { defineChapter, html, plainNumber, section } from '@feedprint/report';
import { shape } from './entropy.ts';

const sentence = (values: readonly number[]): string =>
  `The next word has ${values.map((value) => plainNumber(value)).join(' and then ')} nats of entropy.`;

/** What a report says of it. */
export const entropyChapter = defineChapter({
  name: 'entropy',
  shape,
  sections: [
    {
      id: 'entropy',
      name: 'Entropy',
      render: (report) =>
        section(
          { id: 'entropy', title: 'How sure is each model?' },
          html`<p>${sentence(report.entropy)}</p>`,
        ),
    },
  ],
  sentences: (report) => [{ importance: 50, text: sentence(report.entropy) }],
});
