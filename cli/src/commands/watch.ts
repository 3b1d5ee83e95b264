import { type SessionStatus, SyncError, type SyncSession } from '@0k-sync/client/node';
import type { Context } from '../context.ts';
import { reportMessage } from '../format.ts';
import { withGroup } from '../open.ts';
import type { RelayOptions } from '../options.ts';
import type { Reporter } from '../reporter.ts';

/** Reports when a relay is connected and when it is lost. */
function connectionReporter({ progress }: Reporter): (status: SessionStatus) => void {
  const connected = new Set<string>();
  return ({ relays }) => {
    for (const { relay, state, error } of relays) {
      if (state === 'connected' && !connected.has(relay)) {
        connected.add(relay);
        progress({ type: 'connected', relay }, `connected to ${relay}`);
      }
      if (state !== 'connected' && connected.delete(relay)) {
        const reason = error?.message ?? null;
        progress(
          { type: 'disconnected', relay, reason },
          `lost the connection to ${relay}: ${reason ?? 'closed'}; trying again`,
        );
      }
    }
  };
}

/** The promise rejects when every link has stopped for good. */
function watchStops(session: SyncSession): { readonly promise: Promise<never>; check(status: SessionStatus): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const check = ({ relays }: SessionStatus) => {
    const errors = relays.map(({ state, error }) => (state === 'stopped' ? error : undefined));
    if (errors.every((error) => error instanceof SyncError)) reject(errors[0]);
  };
  session.on('status', check);
  return { promise, check };
}

async function printLive({ io, reporter }: Context, session: SyncSession): Promise<void> {
  for await (const message of session.messages({ signal: io.interrupted })) reportMessage(reporter, message);
}

/** `0k-sync watch`: prints messages until SIGINT or SIGTERM. */
export async function watch(context: Context, options: RelayOptions): Promise<void> {
  await withGroup(context, options, async ({ session }) => {
    const report = connectionReporter(context.reporter);
    const { promise, check } = watchStops(session);
    // The session's own goodbye is not reported as a loss.
    const silence = session.on('status', report);
    report(session.status);
    check(session.status);
    await Promise.race([printLive(context, session), promise]).finally(silence);
  });
}
