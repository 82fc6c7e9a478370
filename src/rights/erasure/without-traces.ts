import { parseKeepingNumbers, textKeepingNumbers } from '../../model/json/number-sources.ts';

/** What of an erased record may stand in the resources of others. */
export interface Traces {
  /** Where references to what was erased lead now: `Type/id` → `Type/id` of the tombstone. */
  readonly moved: ReadonlyMap<string, string>;
  /** The server's own base, with which a reference may begin. */
  readonly baseUrl: string;
  /** Values of the patient's identifiers that are long enough to be told from other text. */
  readonly numbers: readonly string[];
}

/** What stands where a number stood. */
const GONE = '–';

/**
 * The text of a resource without what it says of somebody who was erased: references lead to the tombstone and name
 * nobody (display, identifier), numbers are struck out wherever they stand. Undefined where it says nothing of it.
 */
export function withoutTraces(text: string, traces: Traces): string | undefined {
  const before = parseKeepingNumbers(text);
  const after = cleaned(before, traces);
  return after === before ? undefined : textKeepingNumbers(after);
}

function cleaned(value: unknown, traces: Traces): unknown {
  if (typeof value === 'string') {
    return struck(value, traces.numbers);
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => cleaned(item, traces));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const reference = 'reference' in value && typeof value.reference === 'string' ? value.reference : undefined;
  const target = reference === undefined ? undefined : targetOf(reference, traces);
  if (target !== undefined) {
    return { reference: target };
  }
  const entries = Object.entries(value);
  const changed = entries.map(([name, member]) => [name, cleaned(member, traces)] as const);
  return changed.some(([, member], index) => member !== entries[index]?.[1]) ? Object.fromEntries(changed) : value;
}

function targetOf(reference: string, { moved, baseUrl }: Traces): string | undefined {
  const relative = reference.startsWith(`${baseUrl}/`) ? reference.slice(baseUrl.length + 1) : reference;
  return moved.get(relative.replace(/\/_history\/[^/]*$/, ''));
}

function struck(text: string, numbers: readonly string[]): string {
  if (text.startsWith('\u0000')) {
    return text; // a JSON number, kept as it was written
  }
  let left = text;
  for (const number of numbers) {
    left = left.replaceAll(number, GONE);
  }
  return left;
}
