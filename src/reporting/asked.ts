import type { Measure, PlanDefinition, ResearchStudy, Resource } from '@medplum/fhirtypes';
import type { Engine } from '../interactions/engine.ts';
import type { Query } from '../interactions/types.ts';
import { asServer } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { codeSystem } from '../registry/names.ts';
import { dateIn, parseDate } from '../registry/zone.ts';
import type { Exchange } from '../rest/exchange.ts';
import type { OperationInput } from '../rest/operation-input.ts';
import { coordinates, requireMayCount } from './authority.ts';
import { type CountRule, readMeasure } from './measure.ts';

/** What the operations of this room work with. */
export interface ReportingParts {
  readonly engine: Engine;
  /** In whose calendar a period without bounds ends today. */
  readonly zone: string;
}

/** Hospitals of one registry; Norway and Sweden together have fewer. */
const HOSPITALS_MAX = 200;

/** The first and the last day, as FHIR dates. */
export interface Days {
  readonly start: string;
  readonly end: string;
}

/** A registry as an operation on one of its studies names it. */
export interface AskedRegistry {
  readonly study: ResearchStudy;
  /** `PlanDefinition/x` */
  readonly registry: string;
  readonly plan: PlanDefinition;
  /** `ResearchStudy/x`; undefined for a registry that is held locally only. */
  readonly national: string | undefined;
  /** Hospitals that have the registry (`Organization/x`), of a local study its own alone. */
  readonly hospitals: readonly string[];
}

/** What is asked to be counted, by somebody who may be told. */
export interface Asked {
  readonly of: AskedRegistry;
  readonly days: Days;
  /** Those for which it is asked: one, or of the coordinator all. */
  readonly hospitals: readonly string[];
}

/** Reads the study in the path with its registry. @throws FhirError 404, 422 for a study that is of no registry */
export async function askedRegistry({ engine }: ReportingParts, exchange: Exchange): Promise<AskedRegistry> {
  const { caller, context, route } = exchange;
  if (route.kind !== 'operation' || route.id === undefined) {
    throw fhirError(400, 'not-supported', 'This operation is asked of one ResearchStudy.');
  }
  const study = resourceOf<ResearchStudy>(await context.interactions.read(caller, 'ResearchStudy', route.id));
  const registry = study.protocol?.[0]?.reference;
  const planId = registry?.match(/^PlanDefinition\/([^/]+)$/)?.[1];
  if (registry === undefined || planId === undefined) {
    throw fhirError(
      422,
      'business-rule',
      'This study has no protocol, so it is no registry.',
      'ResearchStudy.protocol',
    );
  }
  const plan = resourceOf<PlanDefinition>(await context.interactions.read(asServer(caller), 'PlanDefinition', planId));
  const sponsor = study.sponsor?.reference;
  const whole = study.partOf?.[0]?.reference ?? (sponsor === undefined ? `ResearchStudy/${study.id}` : undefined);
  if (sponsor !== undefined) {
    return { study, registry, plan, national: whole, hospitals: [sponsor] };
  }
  const parts = await found<ResearchStudy>(engine, exchange, 'ResearchStudy', [
    ['partof', `ResearchStudy/${study.id}`],
    ['status', 'active'],
  ]);
  const hospitals = parts.flatMap((part) => part.sponsor?.reference ?? []);
  return { study, registry, plan, national: whole, hospitals: [...new Set(hospitals)].sort() };
}

/**
 * Reads `start`, `end` and `hospital`. A hospital that is not named is the caller's own; to the coordinator, and to whoever
 * may do everything, all. A period that is not named is this year until today.
 *
 * @throws FhirError 400 for what is no date, 403 where the caller may not be told, 422 for a hospital without the registry
 */
export async function asked(parts: ReportingParts, exchange: Exchange, input: OperationInput): Promise<Asked> {
  const { caller } = exchange;
  const of = await askedRegistry(parts, exchange);
  const named = input.reference('hospital')?.reference;
  const all = caller.access === 'all' || coordinates(caller, of.registry);
  const [only] = of.hospitals.length === 1 ? of.hospitals : [];
  const hospital = named ?? only ?? (all ? undefined : caller.tenant?.reference);
  if (hospital === undefined && !all) requireMayCount(caller, { registry: of.registry, hospital });
  const hospitals = hospital === undefined ? of.hospitals : [hospital];
  for (const each of hospitals) requireMayCount(caller, { registry: of.registry, hospital: each });
  const strange = hospitals.find((each) => !of.hospitals.includes(each));
  if (strange !== undefined) {
    throw fhirError(422, 'not-found', 'This hospital does not have the registry of this study.', 'hospital');
  }
  return { of, days: daysIn(input, dateIn(parts.engine.clock.now(), parts.zone)), hospitals };
}

function daysIn(input: OperationInput, today: string): Days {
  const end = dateOf(input, 'end') ?? today;
  const start = dateOf(input, 'start') ?? `${end.slice(0, 4)}-01-01`;
  if (start > end) throw fhirError(400, 'value', 'The period ends before it starts.', 'end');
  return { start, end };
}

function dateOf(input: OperationInput, name: string): string | undefined {
  const given = input.one(name);
  const text = given?.valueDate ?? given?.valueString;
  if (given !== undefined && !isDay(text)) {
    throw fhirError(400, 'value', `${name} is a day, such as 2026-12-31.`, name);
  }
  return text;
}

/** Whether a text is a day that there is. */
export function isDay(text: string | undefined): text is string {
  const day = parseDate(text ?? '');
  if (day === undefined) return false;
  const at = new Date(Date.UTC(day.year, day.month - 1, day.day));
  return at.getUTCMonth() === day.month - 1 && at.getUTCDate() === day.day;
}

/**
 * The rules by which a registry wants to be counted: the active Measure of that topic that depends on its protocol.
 * @throws FhirError 422 where there is none
 */
export async function measureFor(
  { engine }: ReportingParts,
  exchange: Exchange,
  { plan }: AskedRegistry,
  topic: 'coverage' | 'overview',
): Promise<CountRule> {
  const measures = await found<Measure>(engine, exchange, 'Measure', [
    ['topic', `${codeSystem.measureTopic}|${topic}`],
    ['status', 'active'],
  ]);
  const own = measures.find(({ relatedArtifact = [] }) =>
    relatedArtifact.some(({ type, resource }) => type === 'depends-on' && resource?.split('|')[0] === plan.url),
  );
  if (own === undefined) {
    throw fhirError(422, 'not-found', `This registry has no Measure of topic ${topic}.`);
  }
  return readMeasure(own);
}

/** Definitions and what is about no patient, with the server's rights. */
export async function found<R extends Resource>(
  engine: Engine,
  { caller }: Exchange,
  type: R['resourceType'],
  query: Query,
): Promise<R[]> {
  const { witness: _, ...server } = asServer(caller);
  const page = await engine.search(engine.readers, server, type, [...query, ['_count', String(HOSPITALS_MAX)]], {
    lenient: false,
  });
  return page.matches.map((stored) => resourceOf<R>(stored));
}

export function resourceOf<R extends Resource>({ content }: { readonly content: string }): R {
  return JSON.parse(content) as R;
}
