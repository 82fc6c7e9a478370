import type { Coding } from '@medplum/fhirtypes';
import type { Displays } from './displays.ts';
import type { Words } from './words.ts';

type Members = Readonly<Record<string, unknown>>;

/** Some value of a resource in one line, as a person reads it. */
export function valueText(value: unknown, words: Words, displays: Displays): string {
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return stringText(value, words, displays);
  if (Array.isArray(value)) return value.map((item) => valueText(item, words, displays)).join('; ');
  return isMembers(value) ? membersText(value, words, displays) : '';
}

/** Signatures and files are for machines: their beginning is enough to find them in the Bundle. */
const SHOWN_CHARACTERS_MAX = 100;

function stringText(value: string, words: Words, displays: Displays): string {
  if (value.length > SHOWN_CHARACTERS_MAX && !/\s/.test(value)) return `${value.slice(0, 20)}…`;
  return Object.hasOwn(words.codes, value) ? (words.codes[value] ?? value) : displays.text(value);
}

function membersText(value: Members, words: Words, displays: Displays): string {
  const text = (member: unknown): string => valueText(member, words, displays);
  if (Array.isArray(value.coding)) {
    const codings = value.coding.map((coding: Coding) => displays.of(coding)).join(', ');
    return typeof value.text === 'string' && value.text !== codings
      ? [codings, value.text].filter(Boolean).join(': ')
      : codings;
  }
  if (typeof value.code === 'string' && (typeof value.system === 'string' || typeof value.display === 'string')) {
    return value.value === undefined
      ? displays.of(value)
      : [text(value.value), text(value.unit ?? value.code)].join(' ');
  }
  if (typeof value.reference === 'string') {
    return displays.reference(value.reference, typeof value.display === 'string' ? value.display : undefined);
  }
  if (value.start !== undefined || value.end !== undefined) {
    return `${text(value.start)} – ${text(value.end)}`;
  }
  if (typeof value.contentType === 'string' && typeof value.data === 'string') {
    return `${text(value.title)} ${value.contentType}, ${value.data.length} base64`.trim();
  }
  // HumanName and Address: the whole text, or its parts in their order
  return Object.entries(value)
    .filter(([name]) => name !== 'url' && name !== 'use' && name !== 'system')
    .map(([, member]) => text(member))
    .filter((part) => part !== '')
    .join(', ');
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
