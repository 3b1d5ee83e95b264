import { type SessionStatus, SyncError, type SyncSession } from '@0k-sync/client/node';
import type { Context } from '../context.ts';
import { messageJson, messageLines } from '../format.ts';
import { withGroup } from '../open.ts';
import type { RelayOptions } from '../options.ts';
import type { Reporter } from '../reporter.ts';

/** Says when a relay comes and goes. */
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
        progress({ type: 'disconnected', relay, reason }, `lost ${relay}: ${reason ?? 'closed'}; trying again`);
      }
    }
  };
}

/** Rejects when no relay will ever answer: trying again does not heal it. */
function hopeless(session: SyncSession): { readonly promise: Promise<never>; check(status: SessionStatus): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const check = ({ relays }: SessionStatus) => {
    const errors = relays.map(({ state, error }) => (state === 'stopped' ? error : undefined));
    if (errors.every((error) => error instanceof SyncError)) reject(errors[0]);
  };
  session.on('status', check);
  return { promise, check };
}

async function print({ io, reporter }: Context, session: SyncSession): Promise<void> {
  for await (const message of session.messages({ signal: io.interrupted }))
    reporter.result(messageJson(message), () => messageLines(message, reporter.paint));
}

/** `0k-sync watch`: until SIGINT or SIGTERM, which end it cleanly. */
export async function watch(context: Context, options: RelayOptions): Promise<void> {
  await withGroup(context, options, async ({ session }) => {
    const report = connectionReporter(context.reporter);
    const { promise, check } = hopeless(session);
    // Its own goodbye is no loss to report.
    const silence = session.on('status', report);
    report(session.status);
    check(session.status);
    await Promise.race([print(context, session), promise]).finally(silence);
  });
}
