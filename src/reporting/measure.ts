import type { Measure, MeasureGroup, MeasureGroupPopulation } from '@medplum/fhirtypes';
import { error, FhirError, type Issue } from '../model/issue.ts';
import { codeSystem } from '../registry/names.ts';

/** One number: how many resources a search finds. */
export interface CountedPopulation {
  readonly code: string;
  readonly source: MeasureGroupPopulation;
  /** The search, its placeholders not filled in yet. */
  readonly query: QueryTemplate;
}

/** Numbers that belong together: a proportion, or one chart. */
export interface CountedGroup {
  readonly code: string;
  readonly source: MeasureGroup;
  readonly populations: readonly CountedPopulation[];
  /** Each number is told month by month too. */
  readonly byMonth: boolean;
}

/** What a Measure counts. */
export interface CountRule {
  readonly measure: Measure;
  readonly groups: readonly CountedGroup[];
}

/** A search with names to fill in: `Task?owner={{%hospital}}&started=ge{{%start}}`. */
export interface QueryTemplate {
  readonly type: string;
  readonly text: string;
}

/** What the placeholders of a search stand for. */
export interface Bindings {
  /** `Organization/x` */
  readonly hospital: string;
  /** `ResearchStudy/x` of the national registry; empty where there is none. */
  readonly national: string;
  readonly registry: string;
  /** First and last day. */
  readonly start: string;
  readonly end: string;
}

const NAMES: readonly string[] = ['hospital', 'national', 'registry', 'start', 'end'] satisfies (keyof Bindings)[];
const PLACEHOLDER = /\{\{\s*%(\w+)\s*\}\}/g;

/**
 * Reads what a Measure counts: the criteria of its populations are searches (application/x-fhir-query) of which the matches
 * are counted, as the registry at one hospital; a stratifier with code `month` has them counted by month too.
 *
 * @throws FhirError 422, one issue a fault
 */
export function readMeasure(measure: Measure): CountRule {
  const issues: Issue[] = [];
  const groups = (measure.group ?? []).map((group, g) => ({
    code: codeOf(group.code) ?? String(g + 1),
    source: group,
    byMonth: (group.stratifier ?? []).some(({ code }) => codeOf(code) === 'month'),
    populations: (group.population ?? []).flatMap((population, p) => {
      const query = queryOf(population);
      if (typeof query !== 'string') {
        return [{ code: codeOf(population.code) ?? String(p + 1), source: population, query }];
      }
      issues.push(error('business-rule', query, `Measure.group[${g}].population[${p}].criteria`));
      return [];
    }),
  }));
  if (issues.length > 0) throw new FhirError(422, issues);
  return { measure, groups };
}

/** The search of a population with its names filled in: what is to be counted. */
export function filledIn({ text }: QueryTemplate, bindings: Bindings): string {
  return text.replace(PLACEHOLDER, (_, name: keyof Bindings) => encodeURIComponent(bindings[name]));
}

function queryOf({ criteria }: MeasureGroupPopulation): QueryTemplate | string {
  if (criteria.language !== 'application/x-fhir-query' || criteria.expression === undefined) {
    return 'What is counted is a search: language application/x-fhir-query.';
  }
  const [type = '', text = ''] = criteria.expression.split(/\?(.*)/s);
  if (!/^[A-Z][A-Za-z]+$/.test(type) || text === '') return 'A search is as Task?status=completed.';
  const rest = text.replace(PLACEHOLDER, (whole, name: string) => (NAMES.includes(name) ? '' : whole));
  return rest.includes('{{')
    ? `In a search stand only the names ${NAMES.map((name) => `%${name}`).join(', ')}.`
    : { type, text };
}

function codeOf(concept: MeasureGroup['code']): string | undefined {
  const codings = concept?.coding ?? [];
  return (codings.find(({ system }) => system === codeSystem.reportCount) ?? codings[0])?.code;
}
