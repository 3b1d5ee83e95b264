import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shellCommand, shellWord } from '../run/shell.ts';
import { Adapter, AdapterFailure, type AdapterInfo } from '../zkcp/adapter.ts';

/** The implementations of a checkout; not part of the published package. */
export const IMPLEMENTATIONS_DIR = fileURLToPath(new URL('../../implementations', import.meta.url));

/** Exit code of an adapter that cannot be built here, before hello. */
const TOOLCHAIN_MISSING = 3;

/** One folder of implementations/. */
export interface Implementation {
  readonly name: string;
  /** A shell command. */
  readonly adapter: string;
}

/** The result of one trial start. */
export type Probe =
  | { readonly state: 'ready'; readonly info: AdapterInfo }
  | { readonly state: 'toolchain-missing'; readonly reason: string }
  | { readonly state: 'broken'; readonly reason: string };

/** Every folder with an executable file `adapter`, by name. */
export async function findImplementations(dir = IMPLEMENTATIONS_DIR): Promise<Implementation[]> {
  const names = (await readdir(dir).catch(() => [])).sort();
  const found: Implementation[] = [];
  for (const name of names) {
    const path = join(dir, name, 'adapter');
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) found.push({ name, adapter: shellWord(path) });
  }
  return found;
}

/** Builds and starts an implementation once. */
export async function probe({ adapter }: Implementation, startDeadlineMs: number): Promise<Probe> {
  try {
    const started = await Adapter.start(shellCommand(adapter), { startDeadlineMs });
    const { info } = started;
    await started.stop();
    return { state: 'ready', info };
  } catch (failure) {
    if (!(failure instanceof AdapterFailure)) throw failure;
    const reason = failure.stderr.trim().split('\n').at(-1) || failure.detail;
    return { state: failure.exitCode === TOOLCHAIN_MISSING ? 'toolchain-missing' : 'broken', reason };
  }
}

/** True if the adapter claims the capability. */
export function supports({ capabilities }: AdapterInfo, name: string): boolean {
  return Object.hasOwn(capabilities, name) && capabilities[name] === true;
}
