import type { SyncSession } from '@0k-sync/client/node';
import { fromHex, toHex } from '@0k-sync/core/bytes';
import type { Members } from '../zkcp/protocol.ts';
import type { ClientHandle } from './client-handle.ts';
import { contentJson, hexOf, messageOf } from './client-observer.ts';

type Action = (handle: ClientHandle, args: Members) => Promise<Members>;

/** The actions of a client by their ZKCP names. */
export const clientActions: Readonly<Record<string, Action>> = {
  connect: async (handle) => {
    const session = await handle.online();
    const { nodeId, version, handshakeHash } = await session.connect();
    return { node_id: hexOf(nodeId), version, handshake_hash: toHex(handshakeHash) };
  },

  pair_create: async (handle, { passphrase }) => {
    const session = await handle.online();
    const isNew = session.groupId === undefined;
    const invite = await session.pair(passphraseOf(passphrase)).finally(() => {
      if (isNew && session.groupId !== undefined) handle.read();
    });
    return { invite, group_id: hexOf(session.groupId ?? '') };
  },

  pair_join: async (handle, { invite, passphrase }) => {
    const session = await handle.online();
    await session.pairJoin(String(invite), passphraseOf(passphrase));
    handle.read();
    await session.connect();
    await drained(handle, session);
    return { group_id: hexOf(session.groupId ?? '') };
  },

  pair_cancel: async (handle, { invite }) => {
    const session = await handle.online();
    await session.cancelInvite(String(invite));
    return {};
  },

  push: async (handle, { text, data, id, wait }) => {
    const content = data === undefined ? String(text) : (fromHex(String(data)) ?? new Uint8Array());
    const options = id === undefined ? {} : { id: String(id) };
    const session = wait === true ? await handle.online() : handle.session;
    const receipt = await session.push(content, options);
    if (wait !== true) return { id: receipt.id };
    await session.connect();
    const { cursor, durable } = await receipt.acknowledged;
    return { id: receipt.id, durable, ...(cursor !== undefined && { cursor: `${cursor}` }) };
  },

  pull: async (handle, { after_cursor: after = cursorOf(handle.session) }) => {
    const session = await handle.online();
    const messages = await session.pull(Number(after));
    return { messages: messages.map(messageOf), cursor: cursorOf(session) };
  },

  sync: async (handle) => {
    const session = await handle.online();
    await session.connect();
    await drained(handle, session);
    await session.pull();
    return { cursor: cursorOf(session), unsynced: session.status.unsynced };
  },

  subscribe: async (handle) => {
    await handle.subscribe();
    await handle.session.connect();
    return {};
  },

  reconnect: async (handle) => {
    const session = await handle.online();
    const { nodeId, version, handshakeHash } = await session.reconnect();
    return { node_id: hexOf(nodeId), version, handshake_hash: toHex(handshakeHash) };
  },

  queue_drop: async ({ session }, { id }) => {
    const dropped = await session.queue.drop(String(id));
    return dropped === undefined ? {} : contentJson(dropped.content);
  },

  queue_retry: async ({ session }, { id }) => {
    await session.queue.retry(String(id));
    return {};
  },

  disconnect: async (handle) => {
    await handle.disconnect();
    return {};
  },
};

/** The highest cursor that this client has stored, u64. */
export function cursorOf({ status }: SyncSession): string {
  return `${status.relays[0]?.cursor ?? 0}`;
}

function passphraseOf(passphrase: unknown): { readonly passphrase?: string } {
  return passphrase === undefined ? {} : { passphrase: String(passphrase) };
}

/** Resolves when the outbox is empty or waits for the app; rejects with the reason when nothing will be sent any more. */
async function drained({ observer }: ClientHandle, session: SyncSession): Promise<void> {
  while (session.status.unsynced > 0) {
    const changed = observer.changed();
    if ((await session.queue.list()).some(({ state }) => state === 'refused')) return;
    const { state, error } = session.status.relays[0] ?? {};
    if (error !== undefined && (state === 'connected' || state === 'stopped')) throw error;
    if (session.status.unsynced > 0) await changed;
  }
}
