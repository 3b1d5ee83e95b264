import { type Transport, TransportError } from '@0k-sync/transport';

/** For commands that are about stored data only: no packet leaves this machine. */
export const offlineTransport: Transport = {
  connect: () => Promise.reject(new TransportError('aborted', 'this command does not connect', 'use another one')),
  listen: () => Promise.reject(new TransportError('aborted', 'this program does not listen', 'use 0k-relay')),
};
