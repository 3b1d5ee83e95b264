import type { Transport } from '@0k-sync/transport';

/** Turns of the event loop that a close takes. */
const TURNS = 10;

/** A transport whose connections take a while to close, as those over a network do. `closing` gets the numbers. */
export function lingering(inner: Transport, closing: (code: number) => void): Transport {
  return {
    listen: (options, accept) => inner.listen(options, accept),
    connect: async (target, options) => {
      const connection = await inner.connect(target, options);
      let isClosing = false;
      return {
        remote: connection.remote,
        openStream: () => connection.openStream(),
        onStream: (handler) => connection.onStream(handler),
        close: async (code, reason) => {
          if (isClosing) return;
          isClosing = true;
          closing(code);
          for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          await connection.close(code, reason);
        },
        closed: connection.closed,
        get receivedBytes() {
          return connection.receivedBytes;
        },
      };
    },
  };
}
