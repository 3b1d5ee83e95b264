import type { Role, RoleHandle } from '../../adapter/roles.ts';
import type { Members } from '../../zkcp/protocol.ts';
import { Reject } from '../../zkcp/serve.ts';

/** Failures after which version 1 is tried. */
const TEMPTING: ReadonlySet<string> = new Set(['transport.version', 'frame.length']);

/** A client in hybrid mode that tries classical mode when the relay does not answer as it should. */
export function fallingBack(open: Role, openClassical: Role): Role {
  return async (request) => {
    let handle = await open(request);
    const fallBack = async (action: string, args: Members, deadlineMs: number) => {
      await handle.close();
      handle = await openClassical(withMode(request, 'classical'));
      const done = await handle.do(action, args, deadlineMs).catch((error: unknown) => error);
      await handle.close();
      handle = await open(request);
      return done;
    };
    const role: RoleHandle = {
      opened: handle.opened,
      do: async (action, args, deadlineMs) => {
        try {
          return await handle.do(action, args, deadlineMs);
        } catch (error) {
          if (action === 'connect' && error instanceof Reject && TEMPTING.has(error.class)) {
            await fallBack(action, args, deadlineMs);
          }
          throw error;
        }
      },
      observe: (members) => handle.observe(members),
      env: (members) => handle.env(members),
      close: () => handle.close(),
    };
    return role;
  };
}

function withMode(request: Members, mode: string): Members {
  return { ...request, config: { ...(request['config'] as Members), mode } };
}
