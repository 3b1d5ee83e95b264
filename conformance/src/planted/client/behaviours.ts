import type { ClientPorts } from '../../adapter/client-ports.ts';
import type { Role } from '../../adapter/roles.ts';
import type { Members } from '../../zkcp/protocol.ts';
import { dialsForActions } from './dialling.ts';
import { changePages, changeRetry, endAtSuchRefusals, nameAnotherHandshake, reachesToItsHead } from './engine.ts';
import { fallingBack } from './fallback.ts';
import type { faults } from './faults.ts';
import { CredulousStore, RepeatingStore } from './injecting-store.ts';
import { hashingWhatCame, reduceKeys } from './kem.ts';
import { LaggingStore } from './lagging-store.ts';
import { ClassicalStore, ForgettingStore, ResealingStore, YieldingStore } from './stores.ts';

/** The mistake of a client as a change of its ports. */
export interface ClientBehaviour {
  readonly ports?: (honest: ClientPorts) => ClientPorts;
  readonly role?: (openWith: (ports: ClientPorts) => Role, ports: ClientPorts) => Role;
  /** Changes the engine for the whole process. */
  readonly engine?: () => void;
}

const NONCE_BYTES = 24;

type StoreOf = ReturnType<ClientPorts['openStore']>;

function withStore(honest: ClientPorts, wrap: (inner: StoreOf) => StoreOf): ClientPorts {
  return { ...honest, openStore: (directory) => wrap(honest.openStore(directory)) };
}

function storedBy(wrap: (inner: StoreOf) => StoreOf): ClientBehaviour {
  return { ports: (honest) => withStore(honest, wrap) };
}

/** The relay's text without its keys. */
function withoutPin(request: Members): Members {
  const config = request['config'] as Members;
  const relay = config['relay'];
  if (typeof relay !== 'string') return request;
  return { ...request, config: { ...config, relay: relay.slice(relay.lastIndexOf('@') + 1) } };
}

/** Behaviours by the name of their fault. */
export const behaviours: Readonly<Record<(typeof faults)[number]['name'], ClientBehaviour>> = {
  'client-constant-nonce': {
    ports: (honest) => ({
      ...honest,
      random: (length) => (length === NONCE_BYTES ? new Uint8Array(length).fill(7) : honest.random(length)),
    }),
  },
  'client-seals-again': storedBy((inner) => new ResealingStore(inner)),
  'client-cursor-before-data': storedBy((inner) => new LaggingStore(inner, { cursorLags: false })),
  'client-ack-before-store': storedBy((inner) => new LaggingStore(inner, { cursorLags: true })),
  'client-forgets-held': storedBy((inner) => new ForgettingStore(inner)),
  'client-cursor-on-claim': { engine: () => changePages(reachesToItsHead) },
  'client-duplicates-applied': storedBy((inner) => new RepeatingStore(inner)),
  'client-has-more-ignored': { engine: () => changePages((page) => ({ ...page, hasMore: false })) },
  'client-pin-unchecked': {
    ...storedBy((inner) => new YieldingStore(inner)),
    role: (openWith, ports) => (request) => openWith(ports)(withoutPin(request)),
  },
  'client-names-another-handshake': { engine: nameAnotherHandshake },
  'client-falls-back': {
    role: (openWith, ports) =>
      fallingBack(openWith(ports), openWith(withStore(ports, (inner) => new ClassicalStore(inner)))),
  },
  'client-ends-at-refusals': { engine: endAtSuchRefusals },
  'client-never-returns': { role: dialsForActions },
  'client-gives-up-when-overloaded': { engine: () => changeRetry('RELAY_OVERLOADED', 'no') },
  'client-returns-when-revoked': { engine: () => changeRetry('DEVICE_REVOKED', 'later') },
  'client-accepts-low-order': {
    ports: (honest) => ({
      ...honest,
      crypto: { ...honest.crypto, x25519: (...keys) => honest.crypto.x25519(...keys) ?? new Uint8Array(32) },
    }),
  },
  'client-skips-the-modulus-check': {
    engine: reduceKeys,
    ports: (honest) => ({ ...honest, crypto: hashingWhatCame(honest.crypto) }),
  },
  'client-accepts-unsigned': {
    ports: (honest) => ({
      ...honest,
      crypto: {
        ...honest.crypto,
        ed25519Verify: (signature, message, publicKey) =>
          signature.every((byte) => byte === 0) || honest.crypto.ed25519Verify(signature, message, publicKey),
      },
    }),
  },
  'client-rejected-delivered': storedBy((inner) => new CredulousStore(inner)),
};
