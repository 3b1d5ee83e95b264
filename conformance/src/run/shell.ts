/** Program and arguments of a shell that runs the command, with its quotes and variables. */
export function shellCommand(command: string): readonly string[] {
  return ['/bin/sh', '-c', command];
}

/** The text as one word of a shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
