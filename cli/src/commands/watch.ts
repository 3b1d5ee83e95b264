import { type Group, type GroupState, type RelayStatus, SyncError } from '@0k-sync/client/node';
import type { Context } from '../context.ts';
import { withoutFullStop } from '../explain-error.ts';
import { withGroup } from '../open.ts';
import type { RelayOptions } from '../options.ts';
import type { Reporter } from '../reporter.ts';
import { Unread } from '../unread.ts';

/** Reports what becomes of the link to each relay: each state and each reason once, also before the first connection. */
class ConnectionReporter {
  readonly #reporter: Reporter;
  /** The last state or reason that was reported of each relay. */
  readonly #said = new Map<string, string>();
  readonly #failure = Promise.withResolvers<never>();

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
    this.#failure.promise.catch(() => undefined);
  }

  /** Never resolves; rejects when a line cannot be written. */
  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  readonly report = ({ relays }: GroupState): void => {
    for (const status of relays) this.#reportRelay(status);
  };

  #reportRelay({ relay, state, error }: RelayStatus): void {
    const before = this.#said.get(relay);
    const reason = error?.message;
    if (state === 'connected') this.#say(relay, 'connected', { type: 'connected', relay }, `connected to ${relay}`);
    else if (reason !== undefined && state !== 'stopped') {
      const lost = before === 'connected' ? `lost the connection to ${relay}: ` : '';
      const text = `${lost}${withoutFullStop(reason)}; trying again`;
      this.#say(relay, reason, { type: 'disconnected', relay, reason }, text);
    } else if (before === 'connected') {
      const text = `the connection to ${relay} was closed; trying again`;
      this.#say(relay, 'closed', { type: 'disconnected', relay, reason: null }, text);
    } else if (before === undefined)
      this.#say(relay, 'connecting', { type: 'connecting', relay }, `connecting to ${relay}`);
  }

  #say(relay: string, what: string, line: Parameters<Reporter['progress']>[0], text: string): void {
    if (this.#said.get(relay) === what) return;
    this.#said.set(relay, what);
    this.#reporter.progress(line, text).catch(this.#failure.reject);
  }
}

/** The promise rejects when every link has stopped for good. */
function watchStops(group: Group): { readonly promise: Promise<never>; check(status: GroupState): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const check = ({ relays }: GroupState) => {
    const errors = relays.map(({ state, error }) => (state === 'stopped' ? error : undefined));
    if (errors.length > 0 && errors.every((error) => error instanceof SyncError)) reject(errors[0]);
  };
  group.subscribe(check);
  return { promise, check };
}

/** `0k-sync watch`: prints messages until SIGINT or SIGTERM. */
export async function watch(context: Context, options: RelayOptions): Promise<void> {
  await withGroup(context, options, async ({ group }) => {
    const connections = new ConnectionReporter(context.reporter);
    const { promise, check } = watchStops(group);
    // The goodbye of this program is not reported as a loss.
    const silence = group.subscribe(connections.report);
    connections.report(group.state);
    check(group.state);
    const unread = await Unread.of(context, group);
    await Promise.race([unread.printLive(), promise, connections.failed]).finally(silence);
  });
}
