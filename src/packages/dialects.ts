import type { Questionnaire } from '@medplum/fhirtypes';
import { exportHelsenorge } from '../forms/helsenorge/export.ts';
import { importHelsenorge, type Translated } from '../forms/helsenorge/import.ts';
import type { Found, FoundResource } from './found-resources.ts';
import { type Refusal, refusalLine } from './package-fault.ts';

/** Another way of writing forms than SDC. */
export interface Dialect {
  import(questionnaire: Questionnaire): Translated;
  export(questionnaire: Questionnaire): Translated;
}

const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  ['helsenorge', { import: importHelsenorge, export: exportHelsenorge }],
]);

/** The dialect of a name; undefined without a name. @throws Error in words for the operator */
export function dialectNamed(name: string | undefined): Dialect | undefined {
  const dialect = DIALECTS.get(name ?? '');
  if (name !== undefined && dialect === undefined) {
    throw new Error(`There is no dialect ${name}. There are: ${[...DIALECTS.keys()].join(', ')}.`);
  }
  return dialect;
}

/** Found resources with the forms among them in SDC; refused are those that can't be run. `notes` are for the operator. */
export function fromDialect(found: Found, dialect: Dialect): Found & { readonly notes: readonly string[] } {
  const refusals: Refusal[] = [...found.refusals];
  const notes: string[] = [];
  const resources = found.resources.map((one): FoundResource => {
    const { origin, resource } = one;
    if (resource.resourceType !== 'Questionnaire') return one;
    const { questionnaire, issues } = dialect.import(resource);
    for (const issue of issues) {
      if (issue.severity === 'error') refusals.push({ origin, issue });
      else notes.push(`${issue.severity}: ${refusalLine({ origin, issue })}${elsewhere(issue.expression)}`);
    }
    return { ...one, resource: questionnaire, text: JSON.stringify(questionnaire) };
  });
  return { resources, refusals, notes };
}

/** How many other places the same is told of. */
export function elsewhere(expression: readonly string[] = []): string {
  return expression.length > 1 ? ` (and in ${expression.length - 1} more places)` : '';
}
