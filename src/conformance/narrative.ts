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
const BLANK = /\s+/y;
const NOT_BLANK = /\S/;

/**
 * What is wrong with the XHTML of a narrative (R4 narrative, txt-1 and txt-2); undefined if nothing is. It must be one
 * well-formed `div` with something in it, made only of formatting elements: nothing that runs, submits or fetches more
 * than an image. Takes time linear in the text. Never repeats the text.
 */
export function narrativeFault(xhtml: string): string | undefined {
  const reader = new Reader(xhtml);
  let fault: string | undefined;
  do {
    fault = reader.isAtComment() ? reader.comment() : reader.tag();
    reader.text();
  } while (fault === undefined && reader.isOpen());
  return fault ?? reader.ended();
}

const MALFORMED =
  'A narrative must be one well-formed div of XHTML: all elements closed in order, all attributes quoted.';

class Reader {
  readonly #xhtml: string;
  readonly #open: string[] = [];
  #at = 0;
  #started = false;
  #content = false;

  constructor(xhtml: string) {
    this.#xhtml = xhtml;
    this.text();
  }

  /** Before the div has ended, and before the text has. */
  isOpen(): boolean {
    return (this.#open.length > 0 || !this.#started) && this.#at < this.#xhtml.length;
  }

  isAtComment(): boolean {
    return this.#xhtml.startsWith('<!--', this.#at);
  }

  comment(): string | undefined {
    const end = this.#xhtml.indexOf('-->', this.#at + 4);
    const comment = this.#xhtml.slice(this.#at + 4, end);
    this.#at = end + 3;
    // Where HTML, not XML, is read, such a comment would have ended before.
    return end < 0 || comment.startsWith('>') || comment.startsWith('->') || comment.includes('--')
      ? MALFORMED
      : undefined;
  }

  /** What comes up to the next tag: text inside the div, blanks around it. */
  text(): void {
    const pattern = this.#open.length > 0 ? TEXT : BLANK;
    for (let run = this.#match(pattern); run !== null; run = this.#match(pattern)) {
      this.#content ||= NOT_BLANK.test(run[0]);
    }
  }

  tag(): string | undefined {
    const tag = this.#match(TAG);
    const name = tag?.[2] ?? '';
    if (tag === null || (this.#open.length === 0 && name !== 'div')) {
      return MALFORMED;
    }
    if (!ELEMENTS.has(name)) {
      return 'A narrative may only have the elements that format text, tables, links and images (txt-1).';
    }
    if (tag[1] === '/') {
      return this.#open.pop() === name && this.#match(END) !== null ? undefined : MALFORMED;
    }
    const fault = this.#attributes();
    if (fault !== undefined) {
      return fault;
    }
    const end = this.#match(END);
    if (end === null || this.#open.length >= DEPTH_MAX) {
      return MALFORMED;
    }
    if (end[1] !== '/') {
      this.#open.push(name);
    }
    this.#started = true;
    this.#content ||= name === 'img';
    return undefined;
  }

  /** After the div. */
  ended(): string | undefined {
    if (this.#open.length > 0 || this.#at < this.#xhtml.length) {
      return MALFORMED;
    }
    return this.#content ? undefined : 'A narrative must not be empty (txt-2).';
  }

  #attributes(): string | undefined {
    let namespace: string | undefined;
    for (let found = this.#match(ATTRIBUTE); found !== null; found = this.#match(ATTRIBUTE)) {
      const value = found[2] ?? found[3] ?? '';
      if (!isSafeAttribute(found[1] ?? '', value)) {
        return 'A narrative may only have attributes that format, and addresses that cannot run anything (txt-1).';
      }
      namespace = found[1] === 'xmlns' ? value : namespace;
    }
    return this.#open.length === 0 && namespace !== XHTML
      ? `The div of a narrative must have xmlns="${XHTML}".`
      : undefined;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#xhtml);
    this.#at += found?.[0].length ?? 0;
    return found;
  }
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
