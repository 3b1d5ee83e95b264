import { toHex } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { INVITE_LIFETIME_MS_MAX } from '@0k-sync/generated/limits';
import { MailboxState } from '@0k-sync/generated/wire/pairing';
import { numberOfError } from '@0k-sync/testkit/relay';
import type { RelayFault } from './fault.ts';
import { takeMemory } from './memory.ts';

const DECLARED_BYTES = 256 * 1024 * 1024;
/** Number of connections above that of any scenario but the floods. */
const STRANGERS_OF_A_FLOOD = 20;

/** Takes a signature that was right once for right again, whatever it was over. */
function forgetful(honest: CryptoProvider): CryptoProvider {
  const seen = new Set<string>();
  return {
    ...honest,
    ed25519Verify: (signature, message, publicKey) => {
      const isRight = honest.ed25519Verify(signature, message, publicKey);
      if (isRight) seen.add(toHex(signature));
      return isRight || seen.has(toHex(signature));
    },
  };
}

/** Mistakes in whom a relay lets in, what it tells others, and what it keeps of them. */
export const admissionFaults: readonly RelayFault[] = [
  {
    name: 'relay-serves-strangers',
    level: 'relay',
    what: 'lets in a device that is not enrolled, or no longer',
    killedBy: ['relay/hello/stranger-without-enrolment', 'relay/hello/strangers-look-alike'],
    behaviour: () => ({
      authorize: (verdict, { groupId }, { relay }) => {
        const isStranger = verdict?.error === 'UNAUTHORIZED' && relay.state.group(groupId) !== undefined;
        return isStranger ? undefined : verdict;
      },
    }),
  },
  {
    name: 'relay-unbound-hello',
    level: 'relay',
    what: 'does not bind the signature of Hello to the handshake hash, so that it can be replayed',
    killedBy: ['relay/hello/replayed'],
    behaviour: () => ({ crypto: forgetful }),
  },
  {
    name: 'relay-accepts-low-order',
    level: 'relay',
    what: 'goes on with an all-zero X25519 result',
    killedBy: ['relay/handshake/low-order-ephemeral'],
    behaviour: () => ({
      crypto: (honest) => ({ ...honest, x25519: (...keys) => honest.x25519(...keys) ?? new Uint8Array(32) }),
    }),
  },
  {
    name: 'relay-tells-strangers-apart',
    level: 'relay',
    what: 'tells a stranger whether the group exists',
    killedBy: ['relay/hello/strangers-look-alike'],
    behaviour: () => ({
      authorize: (verdict, { groupId }, { relay }) => {
        const isUnknown = verdict !== undefined && relay.state.group(groupId) === undefined;
        return isUnknown ? { error: 'UNKNOWN_GROUP' } : verdict;
      },
    }),
  },
  {
    name: 'relay-keeps-garbage-open',
    level: 'relay',
    what: 'says nothing to what is no preface and keeps the connection open',
    killedBy: ['relay/flood/garbage'],
    behaviour: () => ({ ending: (code) => (code === numberOfError('HANDSHAKE_MALFORMED') ? 'silence' : 'end') }),
  },
  {
    name: 'relay-held-up-by-strangers',
    level: 'relay',
    what: 'answers nobody while two dozen strangers have not said Hello',
    killedBy: ['relay/flood/half-handshakes', 'relay/flood/half-frames'],
    behaviour: () => ({
      send: (bytes, { relay }) => {
        const strangers = [...relay.sessions].filter(({ member }) => member === undefined);
        return strangers.length < STRANGERS_OF_A_FLOOD ? bytes : new Uint8Array(0);
      },
    }),
  },
  {
    name: 'relay-allocates-what-is-declared',
    level: 'relay',
    what: 'sets memory aside for a declared length and waits for the rest',
    killedBy: [
      'relay/frame/length-huge',
      'relay/frame/length-above-max',
      'relay/frame/length-*',
      'relay/flood/declared-lengths',
    ],
    behaviour: () => ({
      ending: (code, { relay }) => {
        if (code !== numberOfError('FRAME_TOO_LARGE')) return 'end';
        takeMemory(relay, DECLARED_BYTES);
        return 'silence';
      },
    }),
  },
  {
    name: 'relay-remembers-what-was-declared',
    level: 'relay',
    what: 'refuses a declared length in time, and keeps the memory that it set aside for it',
    killedBy: ['relay/flood/declared-lengths'],
    behaviour: () => ({
      ending: (code, { relay }) => {
        if (code === numberOfError('FRAME_TOO_LARGE')) takeMemory(relay, DECLARED_BYTES);
        return 'end';
      },
    }),
  },
  {
    name: 'relay-refuses-long-lives',
    level: 'relay',
    what: 'refuses a mailbox for longer than the longest life instead of cutting it',
    killedBy: ['relay/mailbox/lifetime'],
    behaviour: () => ({
      request: (request) =>
        request.$case === 'mailboxPut' && request.value.expiresInMs > BigInt(INVITE_LIFETIME_MS_MAX)
          ? { error: 'MAILBOXES_EXCEEDED' }
          : undefined,
    }),
  },
  {
    name: 'relay-mailbox-for-two',
    level: 'relay',
    what: 'gives a mailbox to a second claim token',
    killedBy: ['relay/mailbox/claimed-by-another', 'relay/mailbox/look-alikes'],
    behaviour: () => ({
      claim: (carryOut, { mailboxId }, { entries }) => {
        const outcome = carryOut();
        const mailbox = entries.get(toHex(mailboxId));
        if (!('error' in outcome) || mailbox === undefined) return outcome;
        const { payload, expiresAtMs } = mailbox;
        return { state: MailboxState.MAILBOX_STATE_CLAIMED, payload, expiresAtMs: BigInt(Math.floor(expiresAtMs)) };
      },
    }),
  },
  {
    name: 'relay-logs-secrets',
    level: 'relay',
    what: 'writes access tokens to its log',
    killedBy: ['relay/operator/no-secret-is-kept'],
    behaviour: () => ({
      authorize: (verdict, { accessToken }, { relay }) => {
        relay.leaks.log(`hello with token ${accessToken}`);
        return verdict;
      },
    }),
  },
  {
    name: 'relay-stores-secrets',
    level: 'relay',
    what: 'keeps the access tokens that it refused, in base64',
    killedBy: ['relay/operator/no-secret-is-kept'],
    behaviour: () => ({
      authorize: (verdict, { accessToken }, { relay }) => {
        relay.leaks.store('tokens', `${Buffer.from(accessToken).toString('base64')}\n`);
        return verdict;
      },
    }),
  },
];
