import { isResourceType, type ResourceType, resourceTypes } from '../../resource-types.ts';
import type { SearchParameterData } from '../search-parameter-data.ts';
import type { Structure } from '../structure.ts';
import { bare, partFor, unionParts } from '../union-parts.ts';
import { definitionsOfType, type Json, objects, text, texts } from './definitions-package.ts';
import { impliedSystems } from './implied-systems.ts';

type Building = { -readonly [K in keyof SearchParameterData]: SearchParameterData[K] };

const URL = 'http://hl7.org/fhir/SearchParameter/';

/** Slips in the definitions of R4 4.0.1, mended by the id of the parameter. */
const mended: Record<string, { expression?: string; components?: readonly string[]; definitions?: readonly string[] }> =
  {
    // The FHIR type is dateTime; there is no DateTime.
    'Observation-code-value-date': { components: ['code', 'value.as(dateTime) | value.as(Period)'] },
    // The definitions of the two components are swapped.
    'DocumentReference-relationship': {
      definitions: [`${URL}DocumentReference-relation`, `${URL}DocumentReference-relatesto`],
    },
    // These name the search parameter, or nothing, where the extension's url should stand.
    'patient-extensions-Patient-mothersMaidenName': {
      expression: "Patient.extension('http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName')",
    },
    // These two have an XPath only. An age follows from the birth date and the day of the search.
    'patient-extensions-Patient-age': { expression: 'Patient.birthDate' },
    'patient-extensions-Patient-birthOrderBoolean': {
      expression: 'Patient.multipleBirth.ofType(boolean) | Patient.multipleBirth.ofType(integer).select($this > 0)',
    },
  };

/** What a definition lacked is mended later than databases were made: these come last, so that no ordinal moves. */
const addedLast: readonly string[] = ['age', 'birthOrderBoolean'];

/**
 * The search parameters of R4, one row for each type, sorted by type and code. Left out: the package's examples, and what
 * has no expression: `_text`, `_content`, `_query` and `_filter`, and those that name no type.
 *
 * @param structures what structures() gives: tells the systems that elements of type code imply
 */
export function searchParameters(structures: readonly Structure[]): SearchParameterData[] {
  const definitions = definitionsOfType('SearchParameter').filter(
    (each) => !text(each, 'id')?.startsWith('example') && expressionOf(each) !== undefined,
  );
  const codes = new Map(definitions.map((each) => [text(each, 'url') ?? '', text(each, 'code') ?? '']));
  const rows = new Map<string, Building[]>();
  for (const definition of definitions) {
    for (const type of texts(definition, 'base')) {
      const row = building(type, definition, codes);
      if (row !== undefined) {
        rows.set(type, [...(rows.get(type) ?? []), row]);
      }
    }
  }
  const common = rows.get('Resource')?.length ?? 0;
  const systemOf = impliedSystems(structures);
  for (const [type, ofType] of rows) {
    ofType.sort((a, b) => late(type, a) - late(type, b) || (a.code < b.code ? -1 : 1));
    ofType.forEach((row, index) => {
      row.ordinal = type === 'Resource' ? index : common + index;
      const system = row.kind === 'token' ? systemOf(row.expression) : undefined;
      Object.assign(row, aliasOf(row, ofType), system === undefined ? {} : { impliedSystem: system });
    });
  }
  return [...rows.keys()].sort().flatMap((type) => rows.get(type) ?? []);
}

function late(type: string, { code }: Building): number {
  return type === 'Patient' && addedLast.includes(code) ? 1 : 0;
}

function expressionOf(definition: Json): string | undefined {
  return mended[text(definition, 'id') ?? '']?.expression ?? text(definition, 'expression');
}

function building(type: string, definition: Json, codes: ReadonlyMap<string, string>): Building | undefined {
  const mend = mended[text(definition, 'id') ?? ''] ?? {};
  const expression = partFor(type, expressionOf(definition) ?? '');
  const kind = text(definition, 'type');
  const code = text(definition, 'code');
  if (
    expression === undefined ||
    code === undefined ||
    !isKind(kind) ||
    !(type === 'Resource' || isResourceType(type))
  ) {
    return undefined;
  }
  const targets = texts(definition, 'target').filter(isResourceType);
  const components = objects(definition, 'component').map((each, index) => ({
    code: codes.get(mend.definitions?.[index] ?? text(each, 'definition') ?? '') ?? '',
    expression: mend.components?.[index] ?? text(each, 'expression') ?? '',
  }));
  return {
    type,
    code,
    url: text(definition, 'url') ?? '',
    kind,
    expression,
    ...(targets.length > 0 ? { targets: targets.length >= resourceTypes.length - 2 ? ('*' as const) : targets } : {}),
    ...(components.length > 0 ? { components } : {}),
    ordinal: 0,
  };
}

/** Which other parameter of the type has the same values, or more of them. */
function aliasOf(row: Building, ofType: readonly Building[]): { keptAs?: string; only?: ResourceType } {
  const limited = limit(row.expression);
  const expression = limited?.expression ?? row.expression;
  const main = ofType.find(
    (each) =>
      each.kind === row.kind &&
      each.kind !== 'composite' &&
      bare(each.expression) === bare(expression) &&
      (limited !== undefined || JSON.stringify(each.targets) === JSON.stringify(row.targets)),
  );
  if (main === undefined || main === row) {
    return {};
  }
  return limited ? { keptAs: main.code, only: limited.only } : { keptAs: main.code };
}

/** `X.where(resolve() is T)`, or a union of these with one T, without that condition. */
function limit(expression: string): { expression: string; only: ResourceType } | undefined {
  const parts = unionParts(expression).map((part) => /^(.*)\.where\(resolve\(\) is ([A-Za-z]+)\)$/.exec(bare(part)));
  const only = parts[0]?.[2];
  if (only === undefined || !isResourceType(only) || parts.some((part) => part?.[2] !== only)) {
    return undefined;
  }
  return { expression: parts.map((part) => part?.[1] ?? '').join(' | '), only };
}

const kinds = ['number', 'date', 'string', 'token', 'reference', 'composite', 'quantity', 'uri', 'special'] as const;

function isKind(kind: string | undefined): kind is SearchParameterData['kind'] {
  return kinds.some((each) => each === kind);
}
