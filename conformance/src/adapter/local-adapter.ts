import type { RelayAdapter } from '../suites/relay/target.ts';
import type { Answer, Members } from '../zkcp/protocol.ts';
import { type Role, Roles } from './roles.ts';

/** A relay adapter in this process. */
export type LocalAdapter = RelayAdapter & { close(): Promise<void> };

/** An adapter of the role `relay` inside this process: the same handlers, without the lines. */
export function localAdapter(role: Role, log: () => string = () => ''): LocalAdapter {
  const roles = new Roles({ relay: role });
  const handlers: Readonly<Record<string, ((members: Members) => unknown) | undefined>> = { ...roles.handlers };
  return {
    get wholeStderr() {
      return Buffer.from(log());
    },
    supports: () => true,
    ask: async (cmd, members): Promise<Answer> => {
      try {
        return { ok: (await handlers[cmd]?.(members)) as Members };
      } catch (error) {
        return { error: { detail: String(error) } };
      }
    },
    close: () => roles.close(),
  };
}
