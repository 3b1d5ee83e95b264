import { openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';
import { exitCodes } from './exit.ts';
import type { PromptTerminal } from './io.ts';
import { run } from './run.ts';

const COLUMNS_DEFAULT = 80;

/** Opens the controlling terminal of this process, even if stdin and stdout are pipes. */
function openTerminal(): PromptTerminal | undefined {
  try {
    const input = new ReadStream(openSync('/dev/tty', 'r'));
    const output = new WriteStream(openSync('/dev/tty', 'w'));
    // A terminal without a known size would wrap after every character.
    output.columns ||= COLUMNS_DEFAULT;
    const close = () => {
      input.destroy();
      output.destroy();
    };
    return { input, output, close };
  } catch {
    return undefined;
  }
}

// Every file that is created from here on, by SQLite too, is for the owner alone.
process.umask(0o077);

const interruption = new AbortController();
const interrupt = () => {
  // A second Ctrl-C ends the process without a goodbye to the relays.
  if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
  interruption.abort();
};
process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
// Whoever writes gets the error of a write; one on stderr has nowhere to go.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  openTerminal,
  interrupted: interruption.signal,
});
process.stdin.unref?.();
process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
