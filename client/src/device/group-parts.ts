import type { AppTables } from '../log/app-tables.ts';
import { Log } from '../log/log.ts';
import { Pusher } from '../outbound/pusher.ts';
import { Queue } from '../outbound/queue.ts';
import type { GroupSlot } from '../session/group-slot.ts';

/** The parts of a group that the app works with. */
interface GroupParts {
  readonly log: Log;
  readonly queue: Queue;
  readonly pusher: Pusher;
}

/** Makes the parts of a group over its slot. `wake` is called when the queue has changed. */
export function partsOf(slot: GroupSlot, tables: AppTables | undefined, wake: () => void): GroupParts {
  const deviceKey = () => slot.active.membership.deviceKey;
  const shared = {
    ...slot.config,
    outbox: slot.outbox,
    exclusive: <Result>(work: () => Promise<Result>) => slot.active.serial.run(work),
    deviceKey,
  };
  const log = new Log({
    store: slot.config.store,
    head: slot.head,
    deviceKey,
    nameOf: (sender) => slot.nameOf(sender),
    listen: () => slot.active.listen(),
    tables,
    assertOpen: () => slot.assertOpen(),
    closing: slot.closing,
  });
  const queue = new Queue({ ...shared, changed: wake });
  const pusher = new Pusher({ ...shared, relay: () => slot.active.links[0]?.relay.address ?? '', wake });
  return { log, queue, pusher };
}
