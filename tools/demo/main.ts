import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killAll, stopAll } from './children.ts';
import { paint, say } from './narrate.ts';
import { show } from './show.ts';
import { StepFailure } from './steps.ts';
import { tell } from './story.ts';

const LOG_LINES = 20;
const MODES = ['hybrid', 'classical'];

function fail(step: string, message: string, hint: string): void {
  process.stderr.write(`\n${paint('red', 'error:')} ${step}: ${message}\nhint: ${hint}\n`);
  process.exitCode = 1;
}

/** Prints the end of the relay's log after a failure. */
function showRelayLog(directory: string): void {
  const path = join(directory, 'relay', 'output.log');
  if (!existsSync(path)) return;
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(-LOG_LINES);
  process.stderr.write(`\nthe relay's log ends with:\n${lines.map((line) => `  ${line}\n`).join('')}`);
}

function modeFrom(args: readonly string[]): string | undefined {
  const { values } = parseArgs({ args: [...args], strict: false, options: { mode: { type: 'string' } } });
  const mode = values['mode'] ?? 'hybrid';
  return MODES.find((each) => each === mode);
}

async function demonstrate(directory: string, mode: string): Promise<void> {
  const started = performance.now();
  try {
    const outcome = await tell(directory, mode === 'classical');
    const evidence = await show(outcome);
    say(paint('dim', `\n  ${((performance.now() - started) / 1000).toFixed(1)} s`));
    const { devices, messages, plaintextAtRelay } = evidence;
    const counts = `devices=${devices} messages=${messages} relay_restarts=${outcome.relay.restarts}`;
    say(`demo: ok ${counts} plaintext_at_relay=${plaintextAtRelay}`);
  } catch (error) {
    showRelayLog(directory);
    if (error instanceof StepFailure) fail(error.step, error.message, error.hint);
    else fail('the demo itself', String(error), 'please report it with the output');
  }
}

process.umask(0o077);
const directory = mkdtempSync(join(tmpdir(), '0k-demo-'));

function cleanUp(): void {
  killAll();
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}

process.on('exit', cleanUp);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => void stopAll().finally(() => process.exit(1)));

const mode = modeFrom(process.argv.slice(2));
if (mode === undefined) fail('mode', 'it is hybrid or classical', 'make demo MODE=hybrid');
else await demonstrate(directory, mode);
await stopAll();
process.exit();
