import type { Group } from '@0k-sync/client/node';
import { CommandError, usageError } from './command-error.ts';
import { type Context, changeSettings, notPairedError } from './context.ts';
import { exitCodes } from './exit.ts';
import { deviceLabel } from './format.ts';
import type { KnownGroup, Settings } from './settings.ts';

const NAME_CHARACTERS_MAX = 64;

/** The name that the user gave a group; undefined for none. */
export function nameOfGroup({ groups }: Settings, id: string): string | undefined {
  return groups.find((each) => each.id === id)?.name;
}

/** A group as people are shown it: its name with the first characters of its id. */
export function groupLabel(settings: Settings, id: string): string {
  return deviceLabel(nameOfGroup(settings, id) ?? '', id);
}

function groupError(message: string, settings: Settings, groups: readonly Group[]): CommandError {
  const labels = groups.map(({ id }) => groupLabel(settings, id)).join(', ');
  return new CommandError({
    exit: exitCodes.usage,
    kind: 'group',
    message,
    hint: `name one of these with --group: ${labels}`,
  });
}

/**
 * Chooses the group that a command acts on: the one whose name or id is `wanted` or begins with it, or the only one.
 * @throws CommandError `not-paired` when there is none, `group` when `wanted` fits none or several, or several are there
 */
export function chooseGroup(
  { directory }: Context,
  groups: readonly Group[],
  settings: Settings,
  wanted: string | undefined,
): Group {
  const [only, ...others] = groups;
  if (only === undefined) throw notPairedError(`the device in ${directory} is in no group yet`);
  if (wanted === undefined) {
    if (others.length === 0) return only;
    throw groupError(`the device in ${directory} is in ${groups.length} groups`, settings, groups);
  }
  const exact = groups.find(({ id }) => wanted === id || wanted === nameOfGroup(settings, id));
  if (exact !== undefined) return exact;
  const fits = groups.filter(({ id }) => [id, nameOfGroup(settings, id)].some((text) => text?.startsWith(wanted)));
  const [first] = fits;
  if (first !== undefined && fits.length === 1) return first;
  if (first === undefined) throw groupError(`no group is called ${JSON.stringify(wanted)}`, settings, groups);
  throw groupError(`${JSON.stringify(wanted)} fits ${fits.length} groups`, settings, fits);
}

/** @throws CommandError `usage` when no group can have this name, or one has it already */
export function checkNewName({ groups }: Pick<Settings, 'groups'>, name: string | undefined): void {
  if (name === undefined) return;
  if (name.trim() !== name || name === '' || name.length > NAME_CHARACTERS_MAX || /\p{Cc}/u.test(name))
    throw usageError(
      'this cannot be the name of a group',
      `give 1 to ${NAME_CHARACTERS_MAX} characters without a space at the ends`,
    );
  if (groups.some((each) => each.name === name))
    throw usageError(`there is a group called ${JSON.stringify(name)} already`, 'choose another name');
}

/** Keeps what the user said of a group; what was said before and not again stays. */
export function rememberGroup(context: Context, group: KnownGroup): void {
  changeSettings(context, ({ groups }) => ({
    groups: [...groups.filter(({ id }) => id !== group.id), { ...groups.find(({ id }) => id === group.id), ...group }],
  }));
}
