import { eachElement, eachMember } from './members.ts';

/** What a view keeps of an object's member: all, nothing, or some of what is inside. `_x` goes where `x` goes. */
export type Keep = (element: string) => true | false | Keep;

/** An object's compact text with only what `keep` keeps; numbers, strings and order keep their text. */
export function selected(text: string, keep: Keep): string {
  return selectedObject(text, 0, keep);
}

function selectedObject(text: string, at: number, keep: Keep): string {
  let kept = '';
  eachMember(text, at, ({ key, keyStart, start, end }) => {
    const inside = keep(key.startsWith('_') ? key.slice(1) : key);
    if (inside === true) {
      kept += `,${text.slice(keyStart, end)}`;
    } else if (inside !== false) {
      const value = selectedValue(text, start, end, inside);
      if (value !== undefined) {
        kept += `,${text.slice(keyStart, start)}${value}`;
      }
    }
    return undefined;
  });
  return `{${kept.slice(1)}}`;
}

/** Undefined where nothing is left: FHIR knows no empty objects and arrays. */
function selectedValue(text: string, start: number, end: number, keep: Keep): string | undefined {
  const first = text.charCodeAt(start);
  if (first === 0x7b) {
    const object = selectedObject(text, start, keep);
    return object === '{}' ? undefined : object;
  }
  if (first === 0x5b) {
    const elements: string[] = [];
    eachElement(text, start, (from, to) => {
      const element = selectedValue(text, from, to, keep);
      if (element !== undefined) {
        elements.push(element);
      }
    });
    return elements.length === 0 ? undefined : `[${elements.join(',')}]`;
  }
  return text.slice(start, end);
}
