import { toHex } from '@0k-sync/core/bytes';
import type { VerifiedHello } from '@0k-sync/core/session';
import type { Refusal } from '@0k-sync/core/wire';
import {
  CIPHERTEXT_BYTES_MAX,
  FRAME_BYTES_MAX,
  PUSH_ITEMS_MAX,
  REQUESTS_IN_FLIGHT_MAX,
  SESSIONS_PER_DEVICE_MAX,
} from '@0k-sync/generated/limits';
import type { HelloAck } from '@0k-sync/generated/wire/frame';
import { judgeHello } from './authorize.ts';
import type { GroupLog } from './group-log.ts';
import type { ScriptedRelay } from './scripted-relay.ts';
import type { ScriptedSession } from './scripted-session.ts';

/** Lets a device in or refuses it. SE-11 to SE-15, SE-23. */
export function welcome(session: ScriptedSession, hello: VerifiedHello): HelloAck | Refusal {
  const { behaviour, settings, state } = session.relay;
  const honest = judgeHello(state, settings, hello);
  const refusal = behaviour.authorize === undefined ? honest : behaviour.authorize(honest, hello, session);
  if (refusal !== undefined) return refusal;
  const { groupId, deviceKey } = hello;
  makeRoom(session.relay, groupId, deviceKey);
  const group = state.group(groupId) ?? state.createGroup(groupId);
  if (hello.enrolment !== undefined) group.records.set(toHex(deviceKey), hello.enrolment.record);
  session.member = { group, groupId, deviceKey };
  const ack = helloAck(session.relay, group, deviceKey);
  return behaviour.hello?.(ack, session) ?? ack;
}

/** Ends the device's session that was silent for the longest time, if a newer one would exceed the limit. SE-23. */
function makeRoom(relay: ScriptedRelay, groupId: Uint8Array, deviceKey: Uint8Array): void {
  const sessions = relay.sessionsOf(groupId, deviceKey);
  if (sessions.length < SESSIONS_PER_DEVICE_MAX) return;
  const silent = sessions.toSorted((one, other) => one.engine.heardAt - other.engine.heardAt)[0];
  silent?.drive((engine) => engine.refuse(0, { error: 'SESSIONS_EXCEEDED' }));
}

/** The HelloAck that an honest relay gives to a device of a group. `deviceKey` has 32 bytes. SE-15. */
export function helloAck(relay: ScriptedRelay, group: GroupLog, deviceKey: Uint8Array): HelloAck {
  relay.sweep();
  return {
    head: BigInt(group.head),
    floor: BigInt(group.floor),
    ownHead: group.headOf(deviceKey).stub,
    epoch: 0,
    limits: {
      frameBytesMax: FRAME_BYTES_MAX,
      ciphertextBytesMax: CIPHERTEXT_BYTES_MAX,
      requestsInFlightMax: REQUESTS_IN_FLIGHT_MAX,
      pushItemsMax: PUSH_ITEMS_MAX,
      pageBytesMax: relay.settings.pageBytesMax,
      creditBytesMax: relay.settings.creditBytesMax,
    },
    serverTimeMs: BigInt(Math.floor(relay.clock.wall())),
    capabilities: ['ack-removal'],
    signingKey: relay.keys.signingKey,
    retentionSeconds: Math.ceil(relay.settings.expireMs / 1000),
    retentionBytes: 0n,
  };
}
