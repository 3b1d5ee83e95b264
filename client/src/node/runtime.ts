import { SyncError } from '../error.ts';

/** The version of Node-API for which the native packages are built; Node 22.14 is the first with it. */
const NODE_API_MIN = 10;

/** The runtimes that are tested; the manifests state the same Node. */
const SUPPORTED = 'Node 22.14, Bun 1.4.1 or Deno 2.9';

/** `process.versions`: each part of a runtime with its version. */
export type RuntimeVersions = Readonly<Record<string, string | undefined>>;

/**
 * Checks that this runtime has what the library and its native packages need. A package that is built for a newer Node-API
 * would end the process instead of throwing.
 *
 * @throws SyncError kind `unsupported`
 */
export function assertRuntime(versions: RuntimeVersions = process.versions): void {
  if (Number(versions['napi'] ?? 0) >= NODE_API_MIN) return;
  throw new SyncError(
    'unsupported',
    `0k-sync cannot run on ${nameOf(versions)}, which lacks Node-API ${NODE_API_MIN}.`,
    {
      hint: `Run this app on ${SUPPORTED}, or on a later version of one of them.`,
    },
  );
}

function nameOf({ bun, deno, node }: RuntimeVersions): string {
  if (bun !== undefined) return `Bun ${bun}`;
  return deno === undefined ? `Node ${node ?? ''}` : `Deno ${deno}`;
}
