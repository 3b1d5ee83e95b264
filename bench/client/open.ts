// A program that opens a device with stored messages and reads the first page. It tells its parent how long that took.
import { rounded } from '../statistics.ts';

const PAGE_ITEMS = 50;
const [dataDir = ''] = process.argv.slice(2);

const [started, cpu] = [performance.now(), process.cpuUsage()];
const { openDevice } = await import('@0k-sync/client/node');
const [imported, cpuOfImport] = [performance.now(), process.cpuUsage(cpu)];
const device = await openDevice({ dataDir });
const [group] = device.groups;
let items = 0;
for await (const page of group?.log.read({ limit: PAGE_ITEMS }) ?? []) items += page.length;
const [read, cpuOfAll] = [performance.now(), process.cpuUsage(cpu)];
if (items !== PAGE_ITEMS) throw new Error(`the first page has ${items} messages`);
const msOf = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000;
const figures = {
  import_ms: rounded(imported - started),
  import_cpu_ms: rounded(msOf(cpuOfImport)),
  open_ms: rounded(read - imported),
  open_cpu_ms: rounded(msOf(cpuOfAll) - msOf(cpuOfImport)),
};
process.send?.({ figures });
process.once('message', () => process.exit(0));
