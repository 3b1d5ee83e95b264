import type { Transport } from '@0k-sync/transport';
import type { Role } from '../../adapter/roles.ts';
import type { Fault } from '../fault.ts';
import { importPlanted } from '../plant.ts';
import { faultNamed } from './faults.ts';
import { kitRelayRole } from './role.ts';

/** Opens kit relays at a transport; `log` gets what they log. */
export type RelayRoleOf = (transport: Transport, log: (line: string) => void) => Role;

/** Kit relays that follow the rules. */
export const honestRelay: RelayRoleOf = (transport, log) => kitRelayRole(transport, () => ({}), log);

/** Makes scripted relays with one fault; other users of the engine in this process keep the honest one. */
export async function relayWith({ name, mutations }: Fault): Promise<RelayRoleOf> {
  if (mutations === undefined) {
    const behaviourOf = () => faultNamed(name)?.behaviour() ?? {};
    return (transport, log) => kitRelayRole(transport, behaviourOf, log);
  }
  const planted = (await importPlanted(
    import.meta.resolve('./role.ts'),
    name,
    mutations,
  )) as typeof import('./role.ts');
  return (transport, log) => planted.kitRelayRole(transport, () => ({}), log);
}
