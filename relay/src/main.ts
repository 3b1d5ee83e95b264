import { readFileSync } from 'node:fs';
import { loadConfig } from './config/load.ts';
import { printConfig } from './config/print.ts';
import { parseArguments } from './operator/command-line.ts';
import { describeFailure } from './operator/failure.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

async function main(): Promise<void> {
  const args = parseArguments(process.argv.slice(2), version, (text) => void process.stdout.write(text));
  if (args === undefined) return;
  const config = loadConfig(args.config, process.env);
  if (args.printConfig) {
    process.stdout.write(printConfig(config));
    return;
  }
  // Loaded only now, so that help and mistakes appear at once, without the database and QUIC.
  const { runRelay } = await import('./program.ts');
  const relay = await runRelay(config, version);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    relay.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // This line comes last, because its reader may stop the relay at once. RL-67.
  process.stdout.write(`relay ${relay.pin}\n`);
}

function fail(failure: unknown): void {
  process.stderr.write(describeFailure(failure));
  process.exit(1);
}

main().catch(fail);
