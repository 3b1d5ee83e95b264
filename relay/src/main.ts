import { readFileSync } from 'node:fs';
import { loadConfig } from './config/load.ts';
import { printConfig } from './config/print.ts';
import { collectWhenCalm } from './memory/calm-collector.ts';
import { parseArguments } from './operator/command-line.ts';
import { describeFailure } from './operator/failure.ts';
import { writeOutput } from './operator/output.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Called by SIGHUP, which ends nothing. RL-76. */
let hungUp = (): void => {};

async function main(): Promise<void> {
  const args = parseArguments(process.argv.slice(2), version);
  if ('help' in args) return await writeOutput(process.stdout, args.help);
  const config = loadConfig(args.config, process.env);
  if (args.printConfig) return await writeOutput(process.stdout, printConfig(config));
  // Loaded only now, so that help and mistakes appear at once, without the database and QUIC.
  const { runRelay } = await import('./program.ts');
  collectWhenCalm();
  const relay = await runRelay(config, version);
  hungUp = relay.reopenLog;
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    relay.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // These lines come last, because their reader may stop the relay at once. RL-67.
  const lines = relay.pins.map((pin) => `relay ${pin}\n`).join('');
  await writeOutput(process.stdout, lines).catch((error: Error) => process.stderr.write(describeFailure(error)));
}

function fail(failure: unknown): void {
  process.stderr.write(describeFailure(failure));
  process.exit(1);
}

process.on('SIGHUP', () => hungUp());
// Node would open its debugger, which gives away every key in memory.
process.on('SIGUSR1', () => {});
// Whoever writes gets the error of a write.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
main().catch(fail);
