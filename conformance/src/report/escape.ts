const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Controls except tab and line breaks, marks that turn the direction of writing, and what XML 1.0 cannot hold. */
const UNPRINTABLE = /(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

/** Text of others as it can be shown: a terminal and a reader see what is there. */
export function printable(text: string): string {
  return text.toWellFormed().replace(UNPRINTABLE, '\u{fffd}');
}

/** The same on one line: what stands on a line of its own is the runner's word. */
export function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' '));
}

/** Text for the inside of elements and attributes of XML and HTML. */
export function escapeMarkup(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
