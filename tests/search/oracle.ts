/**
 * What a search must find, by looking at every resource itself: written from R4's text (§3.1.1.4), for a few parameters of
 * two types, without any of the server's search code.
 */
export interface OraclePatient {
  readonly resourceType: 'Patient';
  readonly id: string;
  readonly gender?: string;
  readonly birthDate?: string;
  readonly name?: readonly { readonly family: string; readonly given: readonly string[] }[];
  readonly identifier?: readonly { readonly system?: string; readonly value: string }[];
}

export interface OracleObservation {
  readonly resourceType: 'Observation';
  readonly id: string;
  readonly status: string;
  readonly code: { readonly coding: readonly { readonly system?: string; readonly code: string }[] };
  readonly subject?: { readonly reference: string };
  readonly effectiveDateTime?: string;
  readonly effectivePeriod?: { readonly start?: string; readonly end?: string };
  readonly valueQuantity?: {
    readonly value: number;
    readonly system?: string;
    readonly code?: string;
    readonly unit?: string;
  };
}

export type OracleResource = OraclePatient | OracleObservation;

/** Whether a resource satisfies `name=value`. @param all every resource there is */
export function satisfies(
  resource: OracleResource,
  name: string,
  value: string,
  all: readonly OracleResource[],
): boolean {
  if (name.startsWith('_has:Observation:subject:')) {
    const rest = name.slice('_has:Observation:subject:'.length);
    return all.some(
      (other) =>
        other.resourceType === 'Observation' &&
        other.subject?.reference === `${resource.resourceType}/${resource.id}` &&
        satisfies(other, rest, value, all),
    );
  }
  const dot = name.indexOf('.');
  if (dot >= 0) {
    const subject = resource.resourceType === 'Observation' ? resource.subject?.reference : undefined;
    return all.some(
      (other) => subject === `${other.resourceType}/${other.id}` && satisfies(other, name.slice(dot + 1), value, all),
    );
  }
  const [code = '', modifier] = name.split(':');
  if (modifier === 'missing') {
    return (valuesOf(resource, code).length === 0) === (value === 'true');
  }
  const any = value.split(',').some((each) => valuesOf(resource, code).some((has) => has(each, modifier)));
  return modifier === 'not' ? !any : any;
}

type Has = (asked: string, modifier: string | undefined) => boolean;

function valuesOf(resource: OracleResource, code: string): readonly Has[] {
  if (code === '_id') {
    return [(asked) => asked === resource.id];
  }
  if (resource.resourceType === 'Patient') {
    switch (code) {
      case 'gender':
        return resource.gender === undefined ? [] : [(asked) => asked === resource.gender];
      case 'birthdate':
        return resource.birthDate === undefined ? [] : [date(resource.birthDate, resource.birthDate)];
      case 'identifier':
        return (resource.identifier ?? []).map(({ system, value }) => token(system, value));
      case 'name':
        return (resource.name ?? []).flatMap(({ family, given }) =>
          [family, ...given, `${given.join(' ')} ${family}`].map(string),
        );
    }
  } else {
    const { effectiveDateTime: at, effectivePeriod: period, valueQuantity: quantity, subject } = resource;
    switch (code) {
      case 'status':
        return [(asked) => asked === resource.status];
      case 'code':
        return resource.code.coding.map(({ system, code }) => token(system, code));
      case 'subject':
        return subject === undefined
          ? []
          : [(asked) => asked === subject.reference || `Patient/${asked}` === subject.reference];
      case 'date':
        return [...(at ? [date(at, at)] : []), ...(period ? [date(period.start, period.end)] : [])];
      case 'value-quantity':
        return quantity === undefined ? [] : [amount(quantity)];
    }
  }
  throw new Error(`the oracle does not know ${code}`);
}

const token =
  (system: string | undefined, code: string): Has =>
  (asked) => {
    const [first = '', second] = asked.split('|');
    if (second === undefined) {
      return code === first;
    }
    return (first === '' ? system === undefined : system === first) && (second === '' || code === second);
  };

const string =
  (text: string): Has =>
  (asked, modifier) => {
    if (modifier === 'exact') {
      return text === asked;
    }
    const folded = plain(text);
    switch (modifier) {
      case 'contains':
        return folded.includes(plain(asked));
      // Comparisons that only _filter has.
      case 'eq':
        return folded === plain(asked);
      case 'ne':
        return folded !== plain(asked);
      case 'ew':
        return folded.endsWith(plain(asked));
      default:
        return folded.startsWith(plain(asked));
    }
  };

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

const date =
  (start: string | undefined, end: string | undefined): Has =>
  (asked, modifier) => {
    const prefix = modifier === 'po' ? 'po' : (/^[a-z]{2}/.exec(asked)?.[0] ?? 'eq');
    const text = asked.replace(/^[a-z]{2}/, '');
    return compare(
      prefix,
      first(text),
      last(text),
      start ? first(start) : Number.NEGATIVE_INFINITY,
      end ? last(end) : Number.POSITIVE_INFINITY,
    );
  };

function first(text: string): number {
  return Date.parse(text.length === 4 ? `${text}-01-01` : text.length === 7 ? `${text}-01` : text);
}

function last(text: string): number {
  const day = new Date(first(text));
  if (text.length === 4) {
    return Date.UTC(day.getUTCFullYear() + 1, 0, 1) - 1;
  }
  return text.length === 7
    ? Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1) - 1
    : day.getTime() + 24 * 3600 * 1000 - 1;
}

const micrograms: Record<string, number> = { ug: 1, mg: 1000, g: 1_000_000 };

const amount =
  (has: NonNullable<OracleObservation['valueQuantity']>): Has =>
  (asked) => {
    const prefix = /^[a-z]{2}/.exec(asked)?.[0] ?? 'eq';
    const [number = '', system, code] = asked.replace(/^[a-z]{2}/, '').split('|');
    const exact = prefix !== 'eq' && prefix !== 'ne';
    const half = exact ? 0 : 0.5 * 10 ** -(number.split('.')[1]?.length ?? 0);
    let scale = 1;
    if (code !== undefined && system === '') {
      if (has.code !== code && has.unit !== code) {
        return false;
      }
    } else if (code !== undefined) {
      if (has.system !== system) {
        return false;
      }
      const from = micrograms[has.code ?? ''];
      const to = micrograms[code];
      if (from === undefined || to === undefined) {
        return false;
      }
      scale = from / to;
    }
    const value = Number((has.value * scale).toPrecision(12));
    const low = Number((Number(number) - half).toPrecision(12));
    const high = Number((Number(number) + half).toPrecision(12));
    if (!exact) {
      return (value >= low && value < high) === (prefix === 'eq');
    }
    return compare(prefix, low, high, value, value);
  };

/** R4 §3.1.1.4.5, word by word: the asked range [a, b], the resource's range [lo, hi]. */
function compare(prefix: string, a: number, b: number, lo: number, hi: number): boolean {
  const contains = a <= lo && hi <= b;
  const aboveIntersects = hi > b;
  const belowIntersects = lo < a;
  switch (prefix) {
    case 'eq':
      return contains;
    case 'ne':
      return !contains;
    case 'gt':
      return aboveIntersects;
    case 'lt':
      return belowIntersects;
    case 'ge':
      return aboveIntersects || contains;
    case 'le':
      return belowIntersects || contains;
    case 'sa':
      return lo > b;
    case 'eb':
      return hi < a;
    // Only _filter has it: the periods overlap.
    case 'po':
      return lo <= b && hi >= a;
  }
  throw new Error(`the oracle does not know ${prefix}`);
}

/** By what a resource is sorted: of several values the least, descending the greatest. */
export function sortValue(resource: OracleResource, code: string, descending: boolean): number | string | undefined {
  const values: (number | string)[] = [];
  if (resource.resourceType === 'Patient' && code === 'name') {
    for (const { family, given } of resource.name ?? []) {
      values.push(...[family, ...given, `${given.join(' ')} ${family}`].map(plain));
    }
  } else if (resource.resourceType === 'Patient' && resource.birthDate !== undefined && code === 'birthdate') {
    values.push(first(resource.birthDate));
  } else if (resource.resourceType === 'Observation' && code === 'date') {
    const { effectiveDateTime: at, effectivePeriod: period } = resource;
    values.push(...(at ? [first(at)] : []), ...(period ? [period.start ? first(period.start) : -8.64e15] : []));
  } else if (resource.resourceType === 'Observation' && resource.valueQuantity && code === 'value-quantity') {
    values.push(resource.valueQuantity.value);
  }
  values.sort((x, y) => (x < y ? -1 : x > y ? 1 : 0));
  return descending ? values.at(-1) : values[0];
}
