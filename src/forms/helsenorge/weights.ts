import type { Extension } from '@medplum/fhirtypes';
import { dialect, sdc } from './addresses.ts';
import type { Twin } from './twins.ts';

/** R4's ordinalValue, which the dialect has, and SDC's itemWeight: the weight of an option in a score. */
export const weightTwin: Twin<Extension> = {
  isSdc: ({ url }) => url === sdc.itemWeight,
  isDialect: ({ url }) => url === dialect.ordinalValue,
  matches: () => true,
  toSdc: (extension) => ({ to: { ...extension, url: sdc.itemWeight } }),
  toDialect: (extension) => ({ to: { ...extension, url: dialect.ordinalValue } }),
};

/** The JSON value with every list of extensions in it changed; the same object where none is. */
export function withExtensionsChanged<T>(value: T, change: (extensions: Extension[]) => Extension[]): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => withExtensionsChanged(each, change)) as T;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      name === 'extension' && Array.isArray(part) ? change(part) : withExtensionsChanged(part, change),
    ]),
  ) as T;
}
