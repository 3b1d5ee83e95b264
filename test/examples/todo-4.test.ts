import t from 'tap';
import { tellStory } from './todo/story.ts';

t.test('examples/todo: after 50 kills both lists are equal, and each edit was applied once (seed 4)', async (t) => {
  await tellStory(t, 4, 50);
});
