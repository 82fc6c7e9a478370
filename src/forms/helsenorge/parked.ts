import type { Extension } from '@medplum/fhirtypes';
import { readPattern } from '../constraints/pattern.ts';
import { kept, sdc } from './addresses.ts';

/** A regular expression that can't be matched in linear time would have the form refused; so it is set aside, whole. */
export function parked(extension: Extension): Extension {
  const { url, valueString } = extension;
  return url === sdc.regex && valueString !== undefined && readPattern(valueString) === undefined
    ? { url: kept.parked, extension: [extension] }
    : extension;
}

export function isParked({ url }: Extension): boolean {
  return url === kept.parked;
}

export function unparked(extensions: readonly Extension[]): Extension[] {
  return extensions.flatMap((each) => (isParked(each) ? (each.extension ?? []) : [each]));
}
