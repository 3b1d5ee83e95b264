import { Argument, Command, Option } from 'commander';
import { initialise } from './commands/init.ts';
import { pair } from './commands/pair.ts';
import { pull } from './commands/pull.ts';
import { push } from './commands/push.ts';
import { dropFromQueue, listQueue, retryQueue } from './commands/queue.ts';
import { addRelay, listRelays, trustRelay } from './commands/relay.ts';
import { status } from './commands/status.ts';
import { watch } from './commands/watch.ts';
import { contextFor } from './context.ts';
import type { Io } from './io.ts';
import * as options from './options.ts';
import { VERSION } from './version.ts';

const EXAMPLES = `
Examples:
  0k-sync pair --create --relay relay.example.org
  0k-sync pair --join - < invite.txt
  echo "Hello" | 0k-sync push -
  0k-sync pull
  0k-sync watch --json`;

function create(name: string, description: string): Command {
  return options.withCommonOptions(new Command(name).description(description));
}

function createConnecting(name: string, description: string): Command {
  return options.withCommonOptions(options.withRelayOptions(new Command(name).description(description)));
}

function initCommand(io: Io): Command {
  return options
    .withCommonOptions(options.withSettingOptions(new Command('init').description('make a data directory')))
    .action((given) => initialise(contextFor(io, given), given));
}

function pairCommand(io: Io): Command {
  return createConnecting('pair', 'create a group and invite a device, or join with an invite')
    .addOption(new Option('--create', 'print an invite; the first one creates the group').conflicts('join'))
    .option('--join <invite>', '- reads the invite from stdin, @path from a file')
    .option('--passphrase', 'with --create: the invite asks for a passphrase too')
    .option('--passphrase-file <path>', 'read the passphrase from a file, - is stdin, instead of asking')
    .option('--access-token-file <path>', 'with --create: for a relay that wants a token of who creates a group')
    .option('--device-name <name>', 'what members of the group see (default: the host name)')
    .action((given) => pair(contextFor(io, given), given));
}

function pushCommand(io: Io): Command {
  return createConnecting('push', 'send a message to the group')
    .addArgument(new Argument('[text]', 'the message, - reads it from stdin'))
    .option('--file <path>', 'send the content of a file')
    .option('--queue-only', 'only store it in the queue, without a relay')
    .action((text, given) => push(contextFor(io, given), text, given));
}

function pullCommand(io: Io): Command {
  return createConnecting('pull', 'print the messages that came since the last pull')
    .addOption(new Option('--after-cursor <n>', "all messages above a relay's cursor").argParser(options.wholeNumber))
    .addOption(new Option('--limit <n>', 'at most this many').argParser(options.positiveNumber))
    .action((given) => pull(contextFor(io, given), given));
}

function queueCommand(io: Io): Command {
  const id = () => new Argument('<id>', 'from queue list').argParser(options.messageId);
  return new Command('queue')
    .description('messages that no relay has stored yet')
    .addCommand(create('list', 'print them').action((given) => listQueue(contextFor(io, given))))
    .addCommand(
      createConnecting('retry', 'send again what a relay refused')
        .addArgument(id().argOptional())
        .action((which, given) => retryQueue(contextFor(io, given), which, given)),
    )
    .addCommand(
      create('drop', 'delete one for good')
        .addArgument(id())
        .action((which, given) => dropFromQueue(contextFor(io, given), which)),
    );
}

function relayCommand(io: Io): Command {
  const relay = () => new Argument('<relay>', '[nodeid[.kemhash]@]host[:port]');
  return new Command('relay')
    .description('relays and what is known of their keys')
    .addCommand(create('list', 'print them').action((given) => listRelays(contextFor(io, given))))
    .addCommand(
      create('add', 'use one more')
        .addArgument(relay())
        .action((address, given) => addRelay(contextFor(io, given), address)),
    )
    .addCommand(
      create('trust', 'accept the new keys of a relay')
        .addArgument(relay())
        .action((address, given) => trustRelay(contextFor(io, given), address)),
    );
}

/** The command line. Nothing is printed or exited by commander: errors are thrown to the caller. */
export function createProgram(io: Io): Command {
  const program = new Command('0k-sync')
    .description('End-to-end encrypted sync over relays that nobody has to trust.')
    .version(VERSION)
    .addHelpText('after', EXAMPLES);
  const commands = [
    initCommand(io),
    pairCommand(io),
    pushCommand(io),
    pullCommand(io),
    createConnecting('watch', 'print messages as they come, until interrupted').action((given) =>
      watch(contextFor(io, given), given),
    ),
    createConnecting('status', 'print this device, its group, relays and queue').action((given) =>
      status(contextFor(io, given), given),
    ),
    queueCommand(io),
    relayCommand(io),
  ];
  for (const command of commands) program.addCommand(command);
  settle(program, io);
  return program;
}

/** exitOverride and output are not inherited by commands that were made before. */
function settle(command: Command, io: Io): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: () => undefined,
    getOutHasColors: () => false,
  });
  for (const each of command.commands) settle(each, io);
}
