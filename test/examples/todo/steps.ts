import type { AppTables, AppTransaction, DeviceStore, Store } from '@0k-sync/client/node';
import type { ByteStream, Connection, Transport } from '@0k-sync/transport';

/** Counts what the app and its library do, and kills this process before the step with the given number. */
export class Steps {
  readonly #killAt: number;
  count = 0;

  constructor(killAt: number) {
    this.#killAt = killAt;
  }

  /** Notes a step. SIGKILL leaves no time for anything else, as a power cut. */
  readonly step = (): void => {
    this.count += 1;
    if (this.count === this.#killAt) process.kill(process.pid, 'SIGKILL');
  };

  /** A store of which the beginning and the end of each commit are steps. */
  store(store: DeviceStore): DeviceStore {
    return replace(store, { slot: (number) => this.#slot(store.slot(number)) });
  }

  #slot(store: Store): Store {
    return replace(store, { commit: (changes) => this.#around(() => store.commit(changes)) });
  }

  /** Tables of which the beginning and the end of each statement and transaction are steps. */
  tables(tables: AppTables): AppTables {
    const stepping = (tx: AppTransaction): AppTransaction =>
      replace(tx, {
        run: (sql, ...values) => {
          this.step();
          const changed = tx.run(sql, ...values);
          this.step();
          return changed;
        },
      });
    return replace(tables, {
      transaction: (name, position, work, signal) =>
        this.#around(() => tables.transaction(name, position, (tx) => work(stepping(tx)), signal)),
    });
  }

  /** A transport of which each write and each arrival is a step. */
  transport(transport: Transport): Transport {
    return replace(transport, {
      connect: async (address, options) => {
        const connection = await transport.connect(address, options);
        return replace(connection, { openStream: () => this.#stream(connection) });
      },
    });
  }

  #stream(connection: Connection): ByteStream {
    const stream = connection.openStream();
    return replace(stream, {
      write: (bytes) => {
        this.step();
        stream.write(bytes);
      },
      receive: (handler) =>
        stream.receive(
          replace(handler, {
            data: (bytes) => {
              this.step();
              handler.data(bytes);
            },
          }),
        ),
    });
  }

  async #around<Value>(work: () => Promise<Value>): Promise<Value> {
    this.step();
    const value = await work();
    this.step();
    return value;
  }
}

/** The same object with other methods. */
function replace<Target extends object>(target: Target, methods: Partial<Target>): Target {
  return new Proxy(target, {
    get: (_, name) => {
      const own = Reflect.get(methods, name);
      const value = own ?? Reflect.get(target, name, target);
      return own === undefined && typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
