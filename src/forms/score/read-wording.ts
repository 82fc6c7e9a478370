import type { JsonReader } from './json-reader.ts';
import type { Wording } from './rule.ts';

export function readWording(wording: JsonReader): Wording {
  wording.only('nb', 'sv', 'en');
  return { nb: wording.at('nb').text(), sv: wording.at('sv').text(), en: wording.at('en').text() };
}

/** A member that is left out where there is no value. */
export function present<K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]: V });
}
