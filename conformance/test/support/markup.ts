/** Elements that HTML never closes. */
const VOID = new Set(['meta', 'input', 'br', 'link']);

/** Why a text is no well-formed markup: tags that do not nest, bare `<` or `&`, attributes without quotes. */
export function markupError(text: string): string | undefined {
  const open: string[] = [];
  const token =
    /<!doctype html>|<\?xml[^>]*\?>|<(script|style)>[\s\S]*?<\/\1>|<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w-]+(?:="[^"<]*")?)*)\s*(\/?)>|([^<]+)|</g;
  for (const [all, , slash, name, , empty, plain] of text.matchAll(token)) {
    if (all === '<') return `a bare < inside ${open.at(-1)}`;
    if (plain !== undefined && /&(?!(?:amp|lt|gt|quot|#39);)/.test(plain)) return `a bare & in ${plain}`;
    if (name === undefined || empty === '/' || VOID.has(name)) continue;
    if (slash !== '/') open.push(name);
    else if (open.pop() !== name) return `</${name}> closes nothing`;
  }
  return open.length > 0 ? `${open.at(-1)} is not closed` : undefined;
}
