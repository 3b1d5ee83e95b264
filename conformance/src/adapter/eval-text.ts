import { parseRelay } from '@0k-sync/client';
import { readKey, toHex } from '@0k-sync/core/bytes';
import { padme } from '@0k-sync/core/envelope';
import { Reject } from '../zkcp/serve.ts';
import { given, type Ops } from './op.ts';

/** Keys and addresses in text, and the padded length. OV-03, CL-34, EN-14. */
export const textOps = {
  'nodeid.parse': (input) => ({ nodeid: toHex(given(readKey(input.text('text')), 'invite.parse')) }),

  'relay.parse': (input) => {
    const { target, pin } = readRelay(input.text('text'));
    return {
      host: target.host,
      port: target.port,
      ...(pin?.nodeId && { nodeid: toHex(pin.nodeId) }),
      ...(pin?.kemHash && { kem_hash: toHex(pin.kemHash) }),
    };
  },

  'padme.pad': (input) => {
    const length = input.number('len');
    if (length < 2) throw new TypeError('len is below 2');
    return { len: padme(length) };
  },
} satisfies Ops;

function readRelay(text: string): ReturnType<typeof parseRelay> {
  try {
    return parseRelay(text);
  } catch (error) {
    throw new Reject('invite.parse', undefined, (error as Error).message);
  }
}
