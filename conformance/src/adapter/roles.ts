import type { Members } from '../zkcp/protocol.ts';
import { type Handlers, Unsupported } from '../zkcp/serve.ts';

/** One opened device or relay. */
export interface RoleHandle {
  /** Members of the answer to `open` besides the handle. */
  readonly opened: Members;
  do(action: string, args: Members, deadlineMs: number): Promise<Members>;
  observe(members: Members): Promise<Members>;
  env(members: Members): Promise<Members>;
  close(): Promise<void>;
}

/** Opens a handle of one role. */
export type Role = (request: Members) => Promise<RoleHandle>;

/** Everything that is open in one adapter, by handle. */
export class Roles {
  readonly #roles: Readonly<Record<string, Role>>;
  readonly #open = new Map<string, RoleHandle>();
  #count = 0;

  constructor(roles: Readonly<Record<string, Role>>) {
    this.#roles = roles;
  }

  readonly handlers: Omit<Handlers, 'eval'> = {
    open: (request) => this.#begin(request),
    do: ({ handle, action, args = {}, deadline_ms: deadlineMs }) =>
      this.#get(handle).do(String(action), args as Members, Number(deadlineMs)),
    observe: (request) => this.#get(request['handle']).observe(request),
    env: (request) => this.#get(request['handle']).env(request),
    close: async ({ handle }) => {
      const open = this.#get(handle);
      this.#open.delete(String(handle));
      await open.close();
      return {};
    },
  };

  /** Closes what the runner has left open. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((handle) => handle.close()));
    this.#open.clear();
  }

  async #begin(request: Members): Promise<Members> {
    const name = String(request['role']);
    const role = Object.hasOwn(this.#roles, name) ? this.#roles[name] : undefined;
    if (role === undefined) throw new Unsupported(name);
    const opened = await role(request);
    this.#count += 1;
    const handle = `${name}-${this.#count}`;
    this.#open.set(handle, opened);
    return { handle, ...opened.opened };
  }

  #get(handle: unknown): RoleHandle {
    const open = this.#open.get(String(handle));
    if (open === undefined) throw new TypeError(`no handle ${JSON.stringify(handle)} is open`);
    return open;
  }
}
