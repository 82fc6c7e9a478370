/** A text as it is compared: renderers break lines and pad, which changes no meaning. */
export function normalText(text: string): string {
  return /\s\s|[\t\r\n\f\v\u00a0]|^\s|\s$/.test(text) ? text.replace(/\s+/g, ' ').trim() : text;
}
