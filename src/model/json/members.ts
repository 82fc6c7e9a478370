/**
 * Walking compact JSON text that parseJson has accepted, without parsing it: nothing here checks anything.
 * An index points at the first character of a value; ends are exclusive.
 */

/** The index after the string whose opening quote is at `at`. */
export function afterString(text: string, at: number): number {
  let i = at + 1;
  for (;;) {
    const c = text.charCodeAt(i);
    if (c === 0x22) {
      return i + 1;
    }
    i += c === 0x5c ? 2 : 1;
  }
}

/** The index after the value at `at`. */
export function afterValue(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === 0x22) {
    return afterString(text, at);
  }
  if (first !== 0x7b && first !== 0x5b) {
    let i = at;
    for (let c = first; c !== 0x2c && c !== 0x7d && c !== 0x5d && i < text.length; c = text.charCodeAt(i)) {
      i += 1;
    }
    return i;
  }
  let depth = 0;
  let i = at;
  do {
    const c = text.charCodeAt(i);
    if (c === 0x22) {
      i = afterString(text, i);
      continue;
    }
    if (c === 0x7b || c === 0x5b) {
      depth += 1;
    } else if (c === 0x7d || c === 0x5d) {
      depth -= 1;
    }
    i += 1;
  } while (depth > 0);
  return i;
}

/** One member of an object: text[keyStart, keyEnd) is the key with its quotes, text[start, end) the value. */
export interface Member {
  readonly key: string;
  readonly keyStart: number;
  readonly start: number;
  readonly end: number;
}

/** The members of the object at `at`, in order; stops early where `visit` returns false. */
export function eachMember(text: string, at: number, visit: (member: Member) => boolean | undefined): void {
  let i = at + 1;
  while (text.charCodeAt(i) !== 0x7d) {
    const keyEnd = afterString(text, i);
    const end = afterValue(text, keyEnd + 1);
    if (visit({ key: keyText(text, i, keyEnd), keyStart: i, start: keyEnd + 1, end }) === false) {
      return;
    }
    i = text.charCodeAt(end) === 0x2c ? end + 1 : end;
  }
}

/** The start and end of each element of the array at `at`, in order. */
export function eachElement(text: string, at: number, visit: (start: number, end: number) => void): void {
  let i = at + 1;
  while (text.charCodeAt(i) !== 0x5d) {
    const end = afterValue(text, i);
    visit(i, end);
    i = text.charCodeAt(end) === 0x2c ? end + 1 : end;
  }
}

/** The key whose quoted text is text[start, end). */
export function keyText(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1);
  return raw.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : raw;
}
