import t from 'tap';
import { assertRuntime, type RuntimeVersions } from '../src/node/runtime.ts';
import { syncError } from './support/expect.ts';

const HINT = /^Run this app on Node 22\.14, Bun 1\.4\.1 or Deno 2\.9, or on a later version of one of them\.$/;

t.test('a runtime with Node-API 10 is taken', async (t) => {
  assertRuntime();
  assertRuntime({ node: '22.14.0', napi: '10' });
  assertRuntime({ node: '30.0.0', napi: '11' });
  t.pass();
});

for (const [name, versions] of Object.entries<RuntimeVersions>({
  'Node 22.13.1': { node: '22.13.1', napi: '9' },
  'Bun 1.1.0': { node: '22.6.0', bun: '1.1.0', napi: '9' },
  'Deno 2.0.0': { node: '20.11.1', deno: '2.0.0', napi: '9' },
  'Deno 1.0.0': { node: '18.0.0', deno: '1.0.0' },
})) {
  t.test(`${name} is refused by its name, with the runtimes that are supported`, async (t) => {
    t.throws(
      () => assertRuntime(versions),
      syncError({
        kind: 'unsupported',
        message: new RegExp(`^0k-sync cannot run on ${name}, which lacks Node-API 10\\.$`),
        hint: HINT,
      }),
    );
  });
}
