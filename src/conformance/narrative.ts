const ELEMENTS = new Set(
  (
    'a abbr acronym address b bdo big blockquote br caption cite code col colgroup dd del dfn div dl dt em h1 h2 h3 h4 h5 ' +
    'h6 hr i img ins kbd li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt u ul var'
  ).split(' '),
);
const ATTRIBUTES = new Set(
  (
    'abbr accesskey align alt axis bgcolor border cellpadding cellspacing char charoff cite class colspan datetime dir ' +
    'frame headers height href hspace id lang name nowrap rowspan rules scope span src start style summary tabindex ' +
    'target title type valign value vspace width xml:lang xml:space xmlns'
  ).split(' '),
);
const XHTML = 'http://www.w3.org/1999/xhtml';
const DEPTH_MAX = 100;

const TEXT = /[^<&]+|&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});/y;
const TAG = /<(\/?)([A-Za-z][A-Za-z0-9]*)/y;
const ATTRIBUTE = /\s+([A-Za-z][A-Za-z0-9:._-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const END = /\s*(\/?)>/y;
/** Addresses that can only show or fetch: none that runs. Relative ones and fragments have no scheme. */
const SAFE_ADDRESS =
  /^\s*(?:https?:|mailto:|tel:|ftp:|urn:|data:\s?image\/(?:png|jpe?g|gif);|#|\/|[^:]*$|[^:/?#]*[/?#])/i;
const UNSAFE_STYLE =
  /expression\s*\(|javascript:|behavior\s*:|@import|\\|\/\*|url\s*\((?!\s*["']?data:\s?image\/(?:png|jpe?g|gif);)/i;
/** An entity could hide from these checks what a browser will see; those that XML itself needs cannot. */
const HIDING_ENTITY = /&(?!(?:amp|lt|gt|quot|apos);)(?:#|[A-Za-z][A-Za-z0-9]*;)/;
const BLANKS = /\s*/y;
const NOT_BLANK = /\S/;

/**
 * What is wrong with the XHTML of a narrative (R4 narrative, txt-1 and txt-2); undefined if nothing is. It must be one
 * well-formed `div` with something in it, made only of formatting elements: nothing that runs, submits or fetches more
 * than an image. Takes time linear in the text. Never repeats the text.
 */
export function narrativeFault(xhtml: string): string | undefined {
  const open: string[] = [];
  let at = 0;
  let content = false;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(xhtml);
    at += found === null ? 0 : found[0].length;
    return found;
  };
  /** Text up to the next tag; tells whether there was anything to see. */
  const text = (): boolean => {
    let visible = false;
    for (let run = match(TEXT); run !== null; run = match(TEXT)) {
      visible ||= NOT_BLANK.test(run[0]);
    }
    return visible;
  };
  match(BLANKS);
  do {
    if (xhtml.startsWith('<!--', at)) {
      const end = xhtml.indexOf('-->', at + 4);
      at = end < 0 ? xhtml.length : end + 3;
      content = text() || content;
      continue;
    }
    const tag = match(TAG);
    if (tag === null) {
      return 'A narrative must be one well-formed div of XHTML.';
    }
    const name = tag[2] ?? '';
    if (!ELEMENTS.has(name)) {
      return 'A narrative may only have the elements that format text, tables, links and images (txt-1).';
    }
    if (open.length === 0 && name !== 'div') {
      return 'A narrative must be one well-formed div of XHTML.';
    }
    if (tag[1] === '/') {
      if (open.pop() !== name || match(END) === null) {
        return 'A narrative must be well-formed XHTML: every element closed, in order.';
      }
    } else {
      let namespace: string | undefined;
      for (let attribute = match(ATTRIBUTE); attribute !== null; attribute = match(ATTRIBUTE)) {
        const value = attribute[2] ?? attribute[3] ?? '';
        if (!isSafeAttribute(attribute[1] ?? '', value)) {
          return 'A narrative may only have attributes that format, and addresses that cannot run anything (txt-1).';
        }
        namespace = attribute[1] === 'xmlns' ? value : namespace;
      }
      if (open.length === 0 && namespace !== XHTML) {
        return `The div of a narrative must have xmlns="${XHTML}".`;
      }
      const end = match(END);
      if (end === null || open.length >= DEPTH_MAX) {
        return 'A narrative must be well-formed XHTML: every attribute quoted, every element closed, not nested too deep.';
      }
      content ||= name === 'img';
      if (end[1] !== '/') {
        open.push(name);
      }
    }
    content = (open.length > 0 && text()) || content;
  } while (open.length > 0 && at < xhtml.length);
  if (open.length > 0 || NOT_BLANK.test(xhtml.slice(at))) {
    return 'A narrative must be one well-formed div of XHTML.';
  }
  return content ? undefined : 'A narrative must not be empty (txt-2).';
}

function isSafeAttribute(name: string, value: string): boolean {
  if (!ATTRIBUTES.has(name)) {
    return false;
  }
  if (name === 'style') {
    return !UNSAFE_STYLE.test(value) && !HIDING_ENTITY.test(value);
  }
  return (
    (name !== 'href' && name !== 'src' && name !== 'cite') || (SAFE_ADDRESS.test(value) && !HIDING_ENTITY.test(value))
  );
}
