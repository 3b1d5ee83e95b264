import { run } from './commands/run.ts';
import { exitCodes } from './run/exit.ts';

const INTERRUPTED = 130;

// Adapters have process groups of their own: a Ctrl-C does not reach them, but the exit of the runner ends them.
const interrupt = () => process.exit(INTERRUPTED);
process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
// `0k-conformance list | head`: the reader is gone, so is the reason to run.
process.stdout.on('error', interrupt);

// A failure that no scenario waited for is a defect of the suite; the verdicts of everything else are still delivered.
let isSuiteBroken = false;
process.on('unhandledRejection', (reason) => {
  isSuiteBroken = true;
  const what = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
  process.stderr.write(
    `error: the suite lost track of a failure: ${what}\nhint: this is a bug of the suite; report it\n`,
  );
});

const exit = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
});
process.exitCode = exit === exitCodes.conformant && isSuiteBroken ? exitCodes.selfCheck : exit;
process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
