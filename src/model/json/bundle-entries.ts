import { eachElement, eachMember } from './members.ts';

/**
 * The text of every entry[i].resource in a Bundle's compact text, so that entries keep their exact text; undefined for
 * an entry without a resource.
 */
export function entryTexts(text: string): readonly (string | undefined)[] {
  const texts: (string | undefined)[] = [];
  eachMember(text, 0, (member) => {
    if (member.key !== 'entry' || text.charCodeAt(member.start) !== 0x5b) {
      return undefined;
    }
    eachElement(text, member.start, (start) => {
      texts.push(text.charCodeAt(start) === 0x7b ? memberText(text, start, 'resource') : undefined);
    });
    return false;
  });
  return texts;
}

/** The text of one member of the object at `at`; undefined if it has none of that name. */
export function memberText(text: string, at: number, key: string): string | undefined {
  let found: string | undefined;
  eachMember(text, at, (member) => {
    if (member.key === key) {
      found = text.slice(member.start, member.end);
      return false;
    }
    return undefined;
  });
  return found;
}
