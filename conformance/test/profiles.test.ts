import t from 'tap';
import { LEVELS } from '../src/levels.ts';
import { profiles } from '../src/profiles.ts';

t.test('every profile of the design has a name, and names levels that exist', async (t) => {
  t.strictSame(
    profiles.map(({ name }) => name),
    ['vectors', 'core-client', 'core-relay', 'hybrid', 'pairing', 'content', 'revocation', 'multi-relay'],
  );
  for (const { parts } of profiles) for (const { level } of parts) t.ok(LEVELS.includes(level));
});
