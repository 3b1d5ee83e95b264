import { readdirSync, readFileSync } from 'node:fs';

const CLOCK_TICKS_PER_SECOND = 100;
const KIB = 1024;

/** Processor time in a line of /proc/…/stat, ms. */
function cpuOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / CLOCK_TICKS_PER_SECOND;
}

/** Processor time of a process and its threads so far, ms (Linux). */
export function cpuMs(pid: number): number {
  return cpuOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

/** The same by thread: the event loop's, then those of one name together; QUIC's native ones bear the name `quic` (Linux). */
export function threadCpuMs(pid: number): Record<string, number> {
  const byName: Record<string, number> = {};
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`;
    const name = nameOf(readFileSync(`${folder}/comm`, 'utf8').trim(), Number(thread) === pid);
    byName[name] = (byName[name] ?? 0) + cpuOf(readFileSync(`${folder}/stat`, 'utf8'));
  }
  return byName;
}

/** A native library's threads have the name of the thread that made them. */
function nameOf(comm: string, isMain: boolean): string {
  if (isMain) return 'event-loop';
  return comm === 'MainThread' ? 'quic' : comm;
}

/** Resident memory of a process, MB (Linux). */
export function residentMb(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return (Number(match?.[1]) * KIB) / 1e6;
}
