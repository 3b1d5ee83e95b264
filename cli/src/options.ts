import { type Command, InvalidArgumentError, Option } from 'commander';

/** Options of every command. */
export interface CommonOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly color: boolean;
}

/** Options of the commands that act on a group. */
export interface GroupOptions extends CommonOptions {
  /** The name or the id of a group, or the beginning of either. */
  readonly group?: string;
}

/** Options of the commands that connect to a relay. */
export interface RelayOptions extends GroupOptions {
  readonly relay?: readonly string[];
  readonly tofuStrict?: boolean;
  readonly classical?: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/** Parses a cursor or a count: decimal, without sign, up to 2^53 - 1. OV-02. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number.');
}

/** Parses a whole number of at least 1. */
export function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be at least 1.');
}

/** Parses a number of seconds above 0, at most a day. */
export function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= 86_400) return value;
  throw new InvalidArgumentError('It must be a number of seconds above 0, up to 86400.');
}

/** Parses a message id. */
export function messageId(text: string): string {
  if (/^[0-9a-f]{32}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('It must be the 32 hexadecimal digits that `queue list` shows.');
}

/** Checks that the text of a relay names an address that can be dialled. RL-77. */
export function relayText(text: string): string {
  const host = text.slice(text.lastIndexOf('@') + 1);
  if (!/^(0\.0\.0\.0|\[[0:]+\])(:\d+)?$/.test(host)) return text;
  throw new InvalidArgumentError(
    'A relay listens on 0.0.0.0 or [::], but nobody can dial that; give its host name or address, as its start line shows.',
  );
}

function collectRelay(text: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), relayText(text)];
}

/** The text form of a relay, as --help shows it. CL-34. */
export const RELAY = '[nodeid[.kemhash]@]host[:port]';
/** The description of --device-name. */
export const DEVICE_NAME = 'name that members of the group see (default: the host name)';

/** Adds the options of every command. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--data-dir <path>', 'data directory of this device (default: ZEROK_SYNC_DIR, or ~/.local/share/0k-sync)')
    .option('--json', 'print one JSON object per line')
    .option('--no-color', 'print without colours');
}

/** Adds the choice of a group. */
export function withGroupOption(command: Command): Command {
  const description = 'the group: its name, its id, or the beginning of either (default: the only one)';
  return command.option('--group <name>', description);
}

function withTrustOptions(command: Command): Command {
  return command
    .option('--tofu-strict', 'refuse a relay whose keys changed, instead of accepting the new keys with a warning')
    .option('--classical', 'connect without post-quantum keys (/0k-sync/1)');
}

/** Adds the options of `init`, which are kept for later commands. */
export function withSettingOptions(command: Command): Command {
  return withTrustOptions(command)
    .addOption(new Option('--relay <relay>', `relay to use: ${RELAY}`).argParser(collectRelay))
    .option('--device-name <name>', DEVICE_NAME);
}

/** Adds the options of commands that connect; they are for one call only. */
export function withRelayOptions(command: Command): Command {
  return withTrustOptions(command)
    .addOption(new Option('--relay <relay>', `relay to use in this call: ${RELAY}`).argParser(collectRelay))
    .addOption(new Option('--timeout <seconds>', 'wait this long for a relay').argParser(seconds).default(10));
}
