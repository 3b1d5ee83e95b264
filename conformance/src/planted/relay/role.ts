import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@0k-sync/core/bytes';
import { crypto, random } from '@0k-sync/testkit/crypto';
import type { Behaviour } from '@0k-sync/testkit/relay';
import { ScriptedRelay } from '@0k-sync/testkit/relay';
import type { Transport } from '@0k-sync/transport';
import type { RelayConfig } from '../../adapter/relay-config.ts';
import type { RoleHandle } from '../../adapter/roles.ts';
import { isObject, type Members } from '../../zkcp/protocol.ts';
import { Unsupported } from '../../zkcp/serve.ts';
import { residentBytes } from './memory.ts';

const ENVELOPES_FILE = 'envelopes';

/** A kit relay as a handle of the role `relay`. */
class ScriptedRelayHandle implements RoleHandle {
  readonly #relay: ScriptedRelay;

  constructor(relay: ScriptedRelay) {
    this.#relay = relay;
  }

  get opened(): Members {
    const { address, keys } = this.#relay;
    const [nodeId, kemHash, signingKey] = [toHex(keys.nodeId), toHex(keys.kemHash), toHex(keys.signingKey)];
    return { endpoint: `${address.host}:${address.port}`, node_id: nodeId, kem_hash: kemHash, signing_key: signingKey };
  }

  async do(action: string, args: Members): Promise<Members> {
    switch (action) {
      case 'restart': {
        const { host, port } = await this.#relay.restart(args['signal'] === 'TERM' ? 'TERM' : 'KILL');
        return { endpoint: `${host}:${port}` };
      }
      case 'stats':
        return this.#stats();
      case 'gc':
        return { removed: this.#relay.sweep() };
      default:
        throw new Unsupported(action);
    }
  }

  observe(): Promise<Members> {
    throw new Unsupported('observe of a relay');
  }

  env(): Promise<Members> {
    throw new Unsupported('env of a relay');
  }

  close(): Promise<void> {
    return this.#relay.stop();
  }

  #stats(): Members {
    const groups = [...this.#relay.state.groups.values()];
    return {
      groups: groups.length,
      devices: groups.reduce((sum, { records }) => sum + records.size, 0),
      envelopes: groups.reduce((sum, { envelopes }) => sum + envelopes.length, 0),
      sessions: [...this.#relay.sessions].filter(({ member }) => member !== undefined).length,
      resident_bytes: residentBytes(this.#relay),
    };
  }
}

/** Writes what was pushed into a file, where whoever looks for secrets finds what a relay must have. */
function keepingFiles(behaviour: Behaviour, directory: string): Behaviour {
  return {
    ...behaviour,
    push: (carryOut, item, group, session) => {
      if (item.envelope !== undefined) appendFileSync(join(directory, ENVELOPES_FILE), item.envelope.ciphertext);
      return behaviour.push?.(carryOut, item, group, session) ?? carryOut();
    },
  };
}

/** Opens kit relays with one behaviour each; `behaviourOf` makes it new for every relay, `log` gets what it logs. */
export function kitRelayRole(transport: Transport, behaviourOf: () => Behaviour, log: (line: string) => void) {
  return async (request: Members): Promise<RoleHandle> => {
    const directory = String(request['dir']);
    const config: RelayConfig = isObject(request['config']) ? request['config'] : {};
    const relay = new ScriptedRelay({
      crypto,
      random,
      transport,
      behaviour: keepingFiles(behaviourOf(), directory),
      leaks: { log, store: (name, content) => appendFileSync(join(directory, name), content) },
      settings: {
        ...(config.creation !== undefined && { creation: config.creation }),
        ...(config.access_token !== undefined && { accessToken: config.access_token }),
        ...(config.group_ids !== undefined && { groupIds: config.group_ids }),
        ...(config.group_bytes_max !== undefined && { groupBytesMax: config.group_bytes_max }),
        ...(config.group_envelopes_max !== undefined && { groupEnvelopesMax: config.group_envelopes_max }),
        ...(config.address_bytes_max !== undefined && { addressBytesMax: config.address_bytes_max }),
        ...(config.total_bytes_max !== undefined && { totalBytesMax: config.total_bytes_max }),
        ...(config.memory_bytes_max !== undefined && { memoryBytesMax: config.memory_bytes_max }),
        ...(config.hello_deadline_ms !== undefined && { helloDeadlineMs: config.hello_deadline_ms }),
        ...(config.expire_ms !== undefined && { expireMs: config.expire_ms }),
      },
    });
    const { port } = await relay.listen();
    log(`listening on port ${port}`);
    return new ScriptedRelayHandle(relay);
  };
}
