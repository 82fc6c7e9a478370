const RELATIVE = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;
const REFERENCE = /"reference"\s*:\s*"([^"\\]*(?:\\.[^"\\]*)*)"/g;
const URI = /"((?:https?|urn):[^\s"]{1,1000})"/g;
/** Letters and slashes that some client has written as escapes: such a text is written anew before it is looked through. */
const ESCAPED = /\\(?:u00|\/)/i;

/**
 * The resources of this server that a resource may refer to: every value of an element `reference`, wherever in it. The
 * text is not parsed: a list of some hundred resources with what they refer to would be parsed for nothing else.
 * @param baseUrl references under it are resources here
 */
export function resourcesIn(
  content: string,
  baseUrl: string,
): readonly { readonly type: string; readonly id: string }[] {
  const resources = new Map<string, { type: string; id: string }>();
  for (const [, reference = ''] of plain(content).matchAll(REFERENCE)) {
    const text = reference.startsWith(`${baseUrl}/`) ? reference.slice(baseUrl.length + 1) : reference;
    const [, type, id] = RELATIVE.exec(text) ?? [];
    if (type !== undefined && id !== undefined) {
      resources.set(`${type}/${id}`, { type, id });
    }
  }
  return [...resources.values()];
}

/** Every text in a resource that may be a canonical url; which of them a search parameter reads, its postings tell. */
export function urisIn(content: string): readonly string[] {
  return [...new Set(Array.from(plain(content).matchAll(URI), ([, uri = '']) => uri))];
}

function plain(content: string): string {
  return ESCAPED.test(content) ? JSON.stringify(JSON.parse(content)) : content;
}
