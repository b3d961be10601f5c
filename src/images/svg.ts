// Tells an SVG by its root element and cuts away all that stands before it; it knows nothing of what the drawing says.

/**
 * Where the `<svg` root element begins in the text, or null when the text is no SVG. Linear in the text's length.
 * What stands before it (byte order mark, XML declaration, comments, stylesheets, DOCTYPE with its entities) is what
 * `text.slice(root)` leaves behind, so that no entity is ever declared.
 */
export function findSvgRoot(text: string): number | null {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++;
    const end = endOfProlog(text, at);
    if (end === null) return /^<svg[\s/>]/.test(text.slice(at, at + 5)) ? at : null;
    at = end;
  }
}

/** The end of a processing instruction, comment or DOCTYPE that begins here; null when none does or it never ends. */
function endOfProlog(text: string, at: number): number | null {
  if (text.startsWith('<?', at)) return after(text, '?>', at + 2);
  if (text.startsWith('<!--', at)) return after(text, '-->', at + 4);
  return /^<!doctype/i.test(text.slice(at, at + 9)) ? endOfDoctype(text, at + 9) : null;
}

function endOfDoctype(text: string, start: number): number | null {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '[') depth++;
    else if (character === ']') depth--;
    else if (character === '>' && depth <= 0) return at + 1;
    else if (character === '"' || character === "'" || text.startsWith('<!--', at)) {
      const end = text.startsWith('<!--', at) ? after(text, '-->', at + 4) : after(text, character, at + 1);
      if (end === null) return null;
      at = end - 1;
    }
  }
  return null;
}

function after(text: string, mark: string, from: number): number | null {
  const at = text.indexOf(mark, from);
  return at < 0 ? null : at + mark.length;
}
