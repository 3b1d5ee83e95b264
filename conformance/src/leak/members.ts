import { inspect } from 'node:util';
import { openWelcome, parseInvite } from '@0k-sync/core/pairing';
import { Group, itemOf } from '@0k-sync/testkit/author';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { RawClient } from '@0k-sync/testkit/raw';
import type { Address, Transport } from '@0k-sync/transport';
import type { Canary } from './search.ts';

const TOKEN_BYTES = 18;

/** A text that occurs nowhere else, 144 random bits and more. */
export function canaryText(what: string): string {
  return `${what}-${Buffer.from(random(TOKEN_BYTES)).toString('hex')}`;
}

/** A canary of this text in UTF-8. */
export function textCanary(name: string, text: string): Canary {
  return { name, secret: new TextEncoder().encode(text) };
}

/** Runs a group of the suite through a relay. Returns the group's secrets, and the bytes that the relay must hold. */
export async function ownGroup(
  transport: Transport,
  relay: Address,
): Promise<{ readonly canaries: readonly Canary[]; readonly known: readonly Canary[] }> {
  const group = new Group();
  const [one, two] = [group.device(), group.device()];
  const accessToken = canaryText('token');
  const content = canaryText('content');
  const client = await RawClient.connect(transport, relay);
  await client.hello(one, { accessToken });
  const sealed = [one.seal(content), one.seal(content)];
  await client.push(sealed.map((envelope) => itemOf(envelope)));
  const reader = await RawClient.connect(transport, relay, { suite: 'classical' });
  await reader.hello(two);
  await reader.pull();
  await Promise.all([client.close(), reader.close()]);
  const canaries = [
    textCanary('access token', accessToken),
    textCanary('content', content),
    { name: 'device seed', secret: one.seed },
    { name: 'device seed', secret: two.seed },
    { name: 'epoch secret', secret: group.epoch.exportSecret() },
  ];
  const known = sealed.map(({ envelope }) => ({ name: 'ciphertext', secret: envelope.ciphertext.slice(0, 32) }));
  return { canaries, known };
}

/** Takes the Welcome of an invite as one more device would, and says what secrets were in it. */
export async function secretsOfInvite(
  transport: Transport,
  link: string,
  passphrase: string,
): Promise<readonly Canary[]> {
  const invite = parseInvite(crypto, link, Date.now());
  if (!invite.ok) throw new Error(`the invite cannot be read: ${invite.detail}`);
  const { relay, mailboxId, key } = invite.value;
  const [host = '', port] = relay.address.split(':');
  const stranger = await RawClient.connect(transport, { host, port: Number(port) });
  const claim = { mailboxId, claimToken: random(16) };
  const { payload } = await stranger.ask({ $case: 'mailboxClaim', value: claim }, 'mailboxItem');
  const welcome = openWelcome(crypto, { invite: invite.value, passphrase }, payload);
  if (!welcome.ok) throw new Error(`the Welcome cannot be opened: ${welcome.detail}`);
  await stranger.ask({ $case: 'mailboxAck', value: claim }, 'mailboxItem');
  await stranger.close();
  const epochs = welcome.value.epochs.map((epoch) => ({ name: 'epoch secret', secret: epoch.exportSecret() }));
  return [textCanary('invite', link), { name: 'invite key', secret: key.reveal() }, ...epochs];
}

/** Everything a relay says to whoever does it wrong: the texts of its refusals. */
export async function provokeRefusals(transport: Transport, relay: Address): Promise<readonly string[]> {
  const device = new Group().device();
  const stranger = await RawClient.connect(transport, relay);
  const claim = { mailboxId: random(16), claimToken: random(16) };
  const noInvite = await stranger.answer(stranger.send({ $case: 'mailboxClaim', value: claim }));
  stranger.send(stranger.helloBody(device, { handshakeHash: random(32) }));
  const notLetIn = await stranger.expect('error');
  await stranger.close();
  const member = await RawClient.connect(transport, relay);
  await member.hello(device);
  const forged = await member.push([itemOf(device.forge({ senderKey: random(32) }))]);
  const pull = { after: 9n, hashAtAfter: random(32), bytesMax: 1000 };
  const rolledBack = await member.answer(member.send({ $case: 'pull', value: pull }));
  await member.close();
  return [noInvite, notLetIn, forged, rolledBack].map((answer) => inspect(answer, { depth: null }));
}
