import { Buffer } from 'node:buffer';
import { random } from '@0k-sync/testkit/crypto';
import { filesOf, findLeaks } from '../../../leak/search.ts';
import { Unproven } from '../../../model.ts';
import { expect } from '../../expect.ts';
import { claim, mailboxOf } from '../mailbox/mailboxes.ts';
import { openScene } from '../relays.ts';
import { leave, type RelayActs } from '../scene.ts';
import { BY_TOKEN, refusedWith, TOKEN } from './operator.ts';

/** A piece that a database writes as a whole, of the ciphertexts that a relay must have in its files. */
const STORED_BYTES = 32;
const NOTHING = new Uint8Array(0);

function randomText(): string {
  return Buffer.from(random(24)).toString('hex');
}

/** Secrets in a relay's files and logs. */
export const secretActs: RelayActs = {
  'relay/operator/no-secret-is-kept': {
    title: 'No content, no secret and no token is in the files or the log of the relay, and no full id in its log',
    requirements: ['RL-65', 'ER-04', 'SC-23'],
    requires: ['relay'],
    run: async (scene) => {
      const [wrongToken, text] = [randomText(), randomText()];
      const { inner, relay } = await openScene(scene, { ...BY_TOKEN, log_level: 'debug' });
      const { client, device } = await inner.member();
      const items = device.items(3, text);
      await client.push(items);
      await refusedWith(inner, wrongToken);
      const box = await mailboxOf(client);
      await claim(await inner.connect(), box);
      await leave(client);
      const secrets = [
        { name: 'content', secret: Buffer.from(text) },
        { name: 'epoch secret', secret: device.group.epoch.exportSecret() },
        { name: 'device seed', secret: device.seed },
        { name: 'access token of a refused Hello', secret: Buffer.from(wrongToken) },
      ];
      const told = [
        { name: 'access token', secret: Buffer.from(TOKEN) },
        { name: 'group id', secret: device.group.id },
        { name: 'device key', secret: device.keys.deviceKey },
        { name: 'claim token', secret: box.claimToken },
      ];
      const log = { name: 'log', content: scene.target.adapter?.wholeStderr ?? NOTHING };
      const files = filesOf(relay.directory);
      const stored = items.map(({ envelope }) => envelope?.ciphertext.slice(0, STORED_BYTES) ?? NOTHING);
      if (stored.some((secret) => findLeaks(files, [{ name: 'ciphertext', secret }]).length === 0))
        throw new Unproven('the files of the relay do not show what it stored: what else is in them says nothing');
      if (log.content.length === 0) throw new Unproven('the log of the relay is empty: what is not in it says nothing');
      const leaks = [...findLeaks([...files, log], secrets), ...findLeaks([log], told)];
      const texts = leaks.map(({ canary, place, form }) => `${canary} in ${place} as ${form}`);
      expect('leaks', texts, []);
    },
  },
};
