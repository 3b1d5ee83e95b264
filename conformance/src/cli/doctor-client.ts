import { cut } from '../excerpt.ts';
import type { Judgement } from '../run/result.ts';
import type { Adapter, Answer, Members } from '../zkcp/adapter.ts';
import { isObject } from '../zkcp/protocol.ts';
import { see } from '../zkcp/sections.ts';
import type { Check } from './check.ts';

const CONFIG = { mode: 'hybrid', tofu: 'permissive', device_name: 'doctor' };
const MS_PER_HOUR = 3_600_000;

const OBSERVED = ['messages', 'events', 'cursor', 'status'];
const NOTHING_YET = 'messages [], events [], cursor "0", status {"connected": false, "unsynced": 0}';

function judgeAnswer(answer: Answer, expected: string, isRight: (ok: Members) => boolean): Judgement {
  if ('ok' in answer && isRight(answer.ok)) return { verdict: 'pass' };
  return { verdict: 'fail', expected, actual: cut(JSON.stringify(answer)) };
}

function isFreshDevice({ messages, events, cursor, status }: Members): boolean {
  const areLists = [messages, events].every((list) => Array.isArray(list) && list.length === 0);
  return areLists && cursor === '0' && isObject(status) && status['connected'] === false && status['unsynced'] === 0;
}

/** The checks that a device of the role `client` must pass before it dials. `directory` is empty. */
export function clientChecks(directory: string, deadlineMs: number): Check[] {
  let handle: unknown;
  const ask = async (adapter: Adapter, cmd: string, members: Members, judge: (answer: Answer) => Judgement) =>
    handle === undefined
      ? { verdict: 'not-run' as const, actual: 'no device is open' }
      : judge(await adapter.ask(cmd, { handle, ...members }, deadlineMs));

  const open = async (adapter: Adapter) => {
    const request = { role: 'client', dir: directory, config: CONFIG };
    const answer = await adapter.ask('open', request, deadlineMs);
    if ('ok' in answer) handle = answer.ok['handle'];
    return judgeAnswer(answer, 'ok with a handle', () => handle !== undefined);
  };
  const observe = (adapter: Adapter) =>
    ask(adapter, 'observe', { what: OBSERVED }, (answer) => judgeAnswer(answer, NOTHING_YET, isFreshDevice));
  // An adapter may answer that its clock cannot be moved; the suite then uses real time.
  const moveClock = (adapter: Adapter) =>
    ask(adapter, 'env', { advance_ms: MS_PER_HOUR }, (answer) =>
      'unsupported' in answer ? { verdict: 'pass' } : judgeAnswer(answer, 'ok {}, or unsupported', () => true),
    );
  const setNetwork = (net: string) => (adapter: Adapter) =>
    ask(adapter, 'env', { net }, (answer) => judgeAnswer(answer, 'ok {}', () => true));
  const close = (adapter: Adapter) => ask(adapter, 'close', {}, (answer) => judgeAnswer(answer, 'ok {}', () => true));

  return [
    { name: 'open', hint: see('A client', 'open a device in dir, dial nothing, answer with its handle'), run: open },
    {
      name: 'observe',
      hint: see('A client', 'answer with one member for each name in what; u64 is a decimal string'),
      run: observe,
    },
    { name: 'env advance_ms', hint: see('A client', 'move the clock of the handle and its timers'), run: moveClock },
    ...['offline', 'online'].map((net) => ({
      name: `env ${net}`,
      hint: see('A client', 'offline ends the connections and dials no more until online'),
      run: setNetwork(net),
    })),
    { name: 'close', hint: see('A client', 'close the device and leave its directory usable'), run: close },
  ];
}
