import type { Extension } from '@medplum/fhirtypes';
import { type Prefixes, textOf } from './prefix.ts';

export const variableUrl = 'http://hl7.org/fhir/StructureDefinition/variable';

/** Where an item stands while its module is put in. */
export interface Site {
  /** Canonicals of the modules around it. */
  readonly modules: readonly string[];
  /** Names of variables, launch contexts and population contexts that are known there. */
  readonly names: ReadonlySet<string>;
  readonly prefixes: Prefixes;
  /** What is put before the linkIds of the module that the item is from. */
  readonly prefix: string;
  readonly path: string;
}

/** The site inside an element that declares names. */
export function scope(site: Site, extensions: readonly Extension[]): Site {
  const prefixes = new Map(site.prefixes);
  for (const { url, valueExpression } of extensions) {
    if (url !== variableUrl || valueExpression?.name === undefined) continue;
    const text = textOf(valueExpression.expression ?? '', prefixes);
    if (text === undefined) prefixes.delete(valueExpression.name);
    else prefixes.set(valueExpression.name, text);
  }
  return { ...site, prefixes, names: new Set([...site.names, ...namesOf(extensions)]) };
}

/** The names that expressions inside an element know by its extensions: variables, contexts, launch contexts. */
export function namesOf(extensions: readonly Extension[]): string[] {
  return extensions.flatMap((each) => {
    const launched = each.extension?.find(({ url }) => url === 'name');
    const name = each.valueExpression?.name ?? launched?.valueCoding?.code ?? launched?.valueId;
    return name === undefined ? [] : [name];
  });
}
