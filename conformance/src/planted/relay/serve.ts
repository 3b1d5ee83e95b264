import { QuicTransport } from '@0k-sync/transport/quic';
import { infoOf } from '../../adapter/info.ts';
import { Roles } from '../../adapter/roles.ts';
import { serve } from '../../zkcp/serve.ts';
import type { RelayFault } from './fault.ts';
import { kitRelayRole } from './role.ts';

/** Serves the role `relay` with kit relays, wrong in one way or honest, until the runner says bye. */
export async function serveRelay(fault: RelayFault | undefined): Promise<void> {
  const openRelay = kitRelayRole(
    new QuicTransport(),
    () => fault?.behaviour() ?? {},
    (line) => process.stderr.write(`${line}\n`),
  );
  const roles = new Roles({ relay: openRelay });
  await serve({ info: infoOf(['relay']), handlers: roles.handlers }, process.stdin, process.stdout);
  await roles.close();
}
