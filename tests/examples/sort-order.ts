import type { Instance } from './instances.ts';
import type { Parameter, Value } from './package-values.ts';
import { list, object, spansOfDate, string, stringsOf, targetsOf, tokensOf } from './questions.ts';
import { measuredOf } from './questions-quantity.ts';
import { folded } from './text.ts';

export interface SortKey {
  readonly parameter: Parameter;
  readonly descending: boolean;
}

/**
 * Parameters that have an order, by their kind. Those that find what several others find together (combo-…) are sorted
 * as the first of these would be, and left out here.
 */
export function sortable({ kind, code }: Parameter): boolean {
  return kind !== 'composite' && kind !== 'special' && !code.startsWith('combo-');
}

/** Sorted by an index; others are sorted by what stands in the resources. */
export function indexed({ kind }: Parameter): boolean {
  return kind === 'date' || kind === 'number' || kind === 'quantity' || kind === 'string';
}

/**
 * The keys of resources as `_sort` orders them: of several values the least counts, descending the greatest; of what is a
 * span, its start. What has no value comes last, both ways. Ties stay in the order of creation, or, where the first key
 * descends, in the reverse of it.
 *
 * @param created in the order of creation
 */
export function sorted(created: readonly Instance[], keys: readonly SortKey[]): readonly string[] {
  const values = new Map(created.map((each) => [each, keys.map((key) => sortValue(key, each))]));
  const order = keys[0]?.descending ? [...created].reverse() : [...created];
  order.sort((a, b) => {
    for (const [index, { descending }] of keys.entries()) {
      const [one, other] = [values.get(a)?.[index], values.get(b)?.[index]];
      if (one !== other) {
        if (one === undefined || other === undefined) {
          return one === undefined ? 1 : -1;
        }
        return one < other === descending ? 1 : -1;
      }
    }
    return 0;
  });
  return order.map(({ key }) => key);
}

function sortValue({ parameter, descending }: SortKey, { resource }: Instance): number | string | undefined {
  const values = parameter.read(resource).flatMap((value) => ordered(parameter, value));
  return values.reduce<number | string | undefined>(
    (best, each) => (best === undefined || each < best !== descending ? each : best),
    undefined,
  );
}

function ordered({ kind }: Parameter, value: Value): readonly (number | string)[] {
  switch (kind) {
    case 'date':
      return spansOfDate(value).map(({ lo }) => lo);
    case 'number':
      return typeof value.value === 'number' ? [value.value] : [];
    case 'quantity':
      return measuredOf(value).map(({ lo }) => lo);
    case 'string':
      return stringsOf(value).map((each) => folded(each));
    case 'reference':
      return targets(value);
    case 'uri':
      return [String(value.value)];
    default:
      return codes(value);
  }
}

/** `Type/id` or an address; where there is none, whose identifier or name it is. */
function targets(value: Value): readonly string[] {
  const { identifier, display } = object(value.value);
  const addressed =
    typeof value.value === 'string' ? [value.value].filter((each) => !each.startsWith('#')) : targetsOf(value);
  return addressed.length > 0
    ? addressed
    : [string(object(identifier).value) ?? string(display)].flatMap((each) => each ?? []);
}

/** Codes, or what is displayed in place of a code. */
function codes({ type, value }: Value): readonly string[] {
  const { coding, text, display } = object(value);
  if (type === 'CodeableConcept') {
    const coded = list(coding).flatMap((each) => codes({ type: 'Coding', value: each }));
    return coded.length > 0 ? coded : [string(text)].flatMap((each) => each ?? []);
  }
  return tokensOf({ type, value }).flatMap(
    ({ code }) => code ?? (type === 'Coding' ? string(display) : undefined) ?? [],
  );
}
