/** What stands in the title and the first text of a form whose words are placeholders, so that nobody takes them for the instrument. */
export const placeholderMarks: Readonly<Record<string, string>> = {
  nb: '[plassholdertekst]',
  sv: '[platshållartext]',
  en: '[placeholder text]',
};

/** Whether a text is marked as a placeholder, in any language. */
export function isMarked(text: string): boolean {
  return Object.values(placeholderMarks).some((mark) => text.includes(mark));
}

/** A title without its mark. */
export function withoutMark(title: string): string {
  return Object.values(placeholderMarks)
    .reduce((text, mark) => text.replace(mark, ''), title)
    .trim();
}
