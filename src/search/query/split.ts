/**
 * Splits a search value at a separator that no backslash escapes (R4 §3.1.1.4.7: `\,` `\|` `\$` `\\`). The parts keep their
 * escapes, as they may be split again; `unescaped` takes them away.
 */
export function split(value: string, separator: ',' | '|' | '$'): string[] {
  if (!value.includes('\\')) {
    return value.split(separator);
  }
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < value.length; i++) {
    if (value[i] === '\\') {
      i += 1;
    } else if (value[i] === separator) {
      parts.push(value.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(value.slice(start));
  return parts;
}

/** The value without its escapes; a backslash before any other character stands for itself. */
export function unescaped(value: string): string {
  return value.includes('\\') ? value.replace(/\\([,|$\\])/g, '$1') : value;
}
