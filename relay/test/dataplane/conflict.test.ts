import { stubOf } from '@0k-sync/core/envelope';
import type { FrameBody } from '@0k-sync/core/wire';
import { errors } from '@0k-sync/generated/errors';
import { CIPHERTEXT_BYTES_MAX } from '@0k-sync/generated/limits';
import { Frame } from '@0k-sync/generated/wire/frame';
import { Device, itemOf } from '@0k-sync/testkit/author';
import { crypto } from '@0k-sync/testkit/crypto';
import t from 'tap';
import { TestRelay } from '../support/relay.ts';

const ROUNDS = 8;
const IN_FLIGHT = 128;

t.test(
  'finding/R2 RL-27 a conflict bomb is answered with stubs, which are smaller than what asks for them',
  async (t) => {
    const relay = await TestRelay.start(t);
    const device = new Device();
    const client = await relay.member(device);
    const { envelope } = device.sized(CIPHERTEXT_BYTES_MAX);
    await client.push([{ envelope, skip: false }]);
    const push: FrameBody = { $case: 'push', value: { items: [itemOf(device.forge({ sequence: 1 }))] } };
    const asked = Frame.encode({ requestId: 1, body: push }).finish().length;
    const answers: Frame[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let index = 0; index < IN_FLIGHT; index += 1) client.send(push);
      for (let index = 0; index < IN_FLIGHT; index += 1) answers.push(await client.next());
    }
    const errorsOf = answers.map(({ body }) => (body?.$case === 'pushAck' ? body.value.results[0]?.error : undefined));
    t.ok(errorsOf.every((error) => error?.code === errors.SEQUENCE_CONFLICT.number));
    t.same(errorsOf[0]?.conflict, stubOf(crypto, envelope));
    t.ok(Math.max(...answers.map((answer) => Frame.encode(answer).finish().length)) < asked, `${asked} bytes asked`);
    t.equal((await client.pullSegment()).head, 1n, 'nothing of them is stored');
  },
);
