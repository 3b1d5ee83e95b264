import { type Transport, TransportError } from '@0k-sync/transport';
import type { ClientPorts } from '../../adapter/client-ports.ts';
import type { Role } from '../../adapter/roles.ts';

/** A client that reaches no relay but while it is told to do something. */
export function dialsForActions(openWith: (ports: ClientPorts) => Role, ports: ClientPorts): Role {
  return async (request) => {
    let actions = 0;
    const transport: Transport = {
      listen: (...given) => ports.transport.listen(...given),
      connect: async (...given) => {
        if (actions === 0) throw new TransportError('failed', 'nobody asked for a connection', '');
        return ports.transport.connect(...given);
      },
    };
    const handle = await openWith({ ...ports, transport })(request);
    return {
      opened: handle.opened,
      do: async (action, args, deadlineMs) => {
        actions += 1;
        try {
          return await handle.do(action, args, deadlineMs);
        } finally {
          actions -= 1;
        }
      },
      observe: (members) => handle.observe(members),
      env: (members) => handle.env(members),
      close: () => handle.close(),
    };
  };
}
