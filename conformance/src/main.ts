import { run } from './commands/run.ts';

const INTERRUPTED = 130;

// Adapters have process groups of their own: a Ctrl-C does not reach them, but the exit of the runner ends them.
const interrupt = () => process.exit(INTERRUPTED);
process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
// `0k-conformance list | head`: the reader is gone, so is the reason to run.
process.stdout.on('error', interrupt);

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
});
process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
