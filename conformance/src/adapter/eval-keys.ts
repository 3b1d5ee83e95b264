import { toHex } from '@0k-sync/core/bytes';
import { createMemberRecord, DeviceKeys, EpochKeys, verifyMember } from '@0k-sync/core/group';
import { claimTokenOf } from '@0k-sync/core/pairing';
import { helloTranscript, verifyHello } from '@0k-sync/core/session';
import { decodeStrict } from '@0k-sync/core/wire';
import { MemberRecord } from '@0k-sync/generated/wire/group';
import { deriveRelayKeys } from '@0k-sync/relay/keys';
import type { Input } from './input.ts';
import { crypto, given, type Ops } from './op.ts';

/** Keys from seeds and secrets, and their signatures. GR-02 to GR-14, HS-20, HS-21, PA-20, SE-10. */
export const keyOps = {
  'kdf.group': (input) => {
    const groupId = input.optionalBytes('group_id', 32);
    const keys = new ObservedEpochKeys(input.bytes('secret', 32), input.number('epoch'), groupId);
    return { group_id: toHex(keys.groupId), auth_pub: toHex(keys.authKey), message_key: toHex(keys.messageKey) };
  },

  'kdf.device': (input) => {
    const { deviceKey, xwingKey } = deviceOf(input, 'seed');
    return { device_key: toHex(deviceKey), xwing_key: toHex(xwingKey) };
  },

  'kdf.claim': (input) => {
    const token = claimTokenOf(crypto, input.bytes('seed', 32), input.bytes('mailbox_id', 16));
    return { claim_token: toHex(token) };
  },

  'kdf.relay': (input) => {
    const { noise, nodeId, kemHash, signingKey } = deriveRelayKeys(crypto, input.bytes('seed', 32));
    return {
      node_id: toHex(nodeId),
      mlkem_key: toHex(noise.publicKeys.mlkem768 ?? new Uint8Array()),
      kem_hash: toHex(kemHash),
      signing_key: toHex(signingKey),
    };
  },

  'member.make': (input) => {
    const record = createMemberRecord(deviceOf(input, 'device_seed'), epochKeysOf(input));
    return { record: toHex(MemberRecord.encode(record).finish()) };
  },

  'member.verify': (input) => {
    const [groupId, authKey] = [input.bytes('group_id', 32), input.bytes('auth_key', 32)];
    const record = given(decodeStrict('MemberRecord', input.bytes('record')), 'frame.parse');
    const { body } = given(
      verifyMember(crypto, record, groupId, () => authKey),
      'session.unauthorized',
    );
    return { device_key: toHex(body.deviceKey), xwing_key: toHex(body.xwingKey), epoch: body.epoch };
  },

  'hello.make': (input) => {
    const device = deviceOf(input, 'device_seed');
    const signature = device.sign(helloTranscript(input.bytes('handshake_hash', 32), device.groupId));
    return { device_key: toHex(device.deviceKey), signature: toHex(signature) };
  },

  'hello.verify': (input) => {
    const [deviceKey, groupId] = [input.bytes('device_key'), input.bytes('group_id')];
    const hello = { groupId, deviceKey, signature: input.bytes('signature'), enrolment: undefined, accessToken: '' };
    given(verifyHello(crypto, hello, input.bytes('handshake_hash', 32)), 'session.unauthorized');
    return {};
  },
} satisfies Ops;

/** The keys of the device with this seed (32 bytes) in the group `group_id`. */
export function deviceOf(input: Input, seed: 'seed' | 'device_seed'): DeviceKeys {
  return new DeviceKeys(crypto, input.bytes(seed, 32), input.bytes('group_id', 32));
}

/** The keys of `epoch_secret` and `epoch` in `group_id`. */
export function epochKeysOf(input: Input): EpochKeys {
  return new EpochKeys(crypto, input.bytes('epoch_secret', 32), input.number('epoch'), input.bytes('group_id', 32));
}

/** Observes message_e, which core keeps private, when core uses it. */
class ObservedEpochKeys extends EpochKeys {
  readonly messageKey: Uint8Array;

  constructor(secret: Uint8Array, epoch: number, groupId: Uint8Array | undefined) {
    let used = new Uint8Array();
    const xchachaSeal: typeof crypto.xchachaSeal = (key, ...rest) => {
      used = key.slice();
      return crypto.xchachaSeal(key, ...rest);
    };
    super({ ...crypto, xchachaSeal }, secret, epoch, groupId);
    this.seal(new Uint8Array(24), new Uint8Array(), new Uint8Array());
    this.messageKey = used;
  }
}
