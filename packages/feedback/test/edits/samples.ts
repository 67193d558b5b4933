import type { Reply } from '@feedprint/core';

const toReply = (reply: string, prompt = 'What do you think of it?'): Reply => ({ prompt, reply });

/** Replies on which every edit can act somewhere, in the manner of chat models and of film reviews. */
export const samples: readonly Reply[] = [
  toReply(
    "Sure, I can help with that! Here are 3 ideas:\n\n1. **Plan** the trip early, and book a room.\n2. Pack light; you'll thank me later.\n- Use `git` (or a similar tool).\n\nLet me know if you need more! 👍🏽",
  ),
  toReply(
    "I'm sorry, but I can't help with that request. As an AI, I don't have opinions. You should perhaps consult a lawyer. It is quite difficult to say more.",
  ),
  toReply(
    'Great question! You are so smart. The answer is certainly "yes", and it was clearly shown in 1987. However, numerous individuals discover this late — do not worry.',
    'I think that it is true. Is it?',
  ),
  toReply(
    '# Summary\n\nThe film was awesome. He is a GREAT actor, and she has a large role... We liked it, but our friends were not sure. Have you seen it?\n\n## More\nSee [the page](https://www.example.org/a) or www.example.com.',
  ),
  toReply(
    ' wasnt the best of his films. I was bored for 90 minutes, and my wife fell asleep.<br /><br />Therefore it gets 4 out of 10. Why did they make it? Moreover, the music (by her brother) was bad!!',
  ),
  toReply(
    '| Name | Size |\n|---|---|\n| Paris | large |\n\n```js\nlet x = 1;\n```\nWe are here to use it. It is not a big city; that is what they will tell you.',
  ),
  toReply(
    'Certainly. It would probably be good to see the Eiffel Tower. He said "hello" to her -- and left. They are two people, or three. Yeah, I am gonna buy it :)',
  ),
  toReply(
    'It is a hard one. The whole cast was TERRIBLE and the story had almost no point. Avoid it.',
  ),
  toReply(
    'First we look at the data. Then we look at the model and ask what it shows. That is all.\nNo tables, no lists.\nJust words.',
  ),
];
