import { afterString } from './members.ts';

/** Compact JSON text indented by two spaces; numbers and strings keep their text. */
export function pretty(text: string): string {
  let result = '';
  let indent = '\n';
  let copiedTo = 0;
  let at = 0;
  while (at < text.length) {
    const c = text.charCodeAt(at);
    if (c === 0x22) {
      at = afterString(text, at);
      continue;
    }
    at += 1;
    if (c === 0x7b || c === 0x5b) {
      const next = text.charCodeAt(at);
      if (next === 0x7d || next === 0x5d) {
        at += 1;
        continue;
      }
      indent += '  ';
      result += text.slice(copiedTo, at) + indent;
      copiedTo = at;
    } else if (c === 0x7d || c === 0x5d) {
      indent = indent.slice(0, -2);
      result += text.slice(copiedTo, at - 1) + indent;
      copiedTo = at - 1;
    } else if (c === 0x2c) {
      result += text.slice(copiedTo, at) + indent;
      copiedTo = at;
    } else if (c === 0x3a) {
      result += `${text.slice(copiedTo, at)} `;
      copiedTo = at;
    }
  }
  return result + text.slice(copiedTo);
}
