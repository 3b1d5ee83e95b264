const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// XML 1.0 has no place for them, not even escaped.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text for the inside of elements and attributes of XML and HTML. */
export function escapeMarkup(text: string): string {
  return text
    .toWellFormed()
    .replace(NOT_IN_XML, '\u{fffd}')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
