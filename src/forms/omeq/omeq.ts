import { type Factor, type FactorTable, factorKey } from './factor-table.ts';

/** A dose field of a form: what a number in it means. */
export interface DoseField {
  readonly linkId: string;
  readonly drug: string;
  readonly route: string;
  /** `mg/d`, `ug/d`, `ug/h`, or `mg` for a depot injection that `equivalents` lists. */
  readonly unit: string;
}

/** A depot dose that is counted as a daily dose of another route (Buvidal monthly: SmerteReg's user manual, form B1.1). */
export interface DoseEquivalent {
  readonly drug: string;
  readonly route: string;
  readonly dose: number;
  readonly as: { readonly route: string; readonly dose: number; readonly unit: string };
}

/**
 * How a factor is chosen where it depends on the morphine dose that it leads to, and so more than one row may hold:
 * the lowest ratio that leads into its own band, or the highest.
 */
export type BandRule = 'lowest' | 'highest';

/** The declared calculation of oral morphine equivalents (OMEQ). */
export interface OmeqRule {
  readonly fields: readonly DoseField[];
  readonly equivalents: readonly DoseEquivalent[];
  readonly bandRule: BandRule;
}

/** OMEQ of one dose, mg a day, one decimal. */
export interface DoseOmeq {
  readonly value: number;
  /** By the range that the table gives, and by every band that holds. */
  readonly low: number;
  readonly high: number;
  /** Canonical with version of the table that the factor stands in; undefined for no dose at all (0), which needs none. */
  readonly table: string | undefined;
}

/** OMEQ of all doses, with the tables whose factors were used. */
export interface TotalOmeq extends Omit<DoseOmeq, 'table'> {
  readonly tables: readonly string[];
}

export type AbsentReason = 'no-dose' | 'not-a-dose' | 'no-factor' | 'unknown-depot-dose';

/** Why there is no OMEQ; `linkId` is the field that stands in the way. */
export interface Absent {
  readonly absent: AbsentReason;
  readonly linkId?: string;
}

export interface Omeq {
  /** Sum of the fields' rounded values, so that the total is what the shown numbers add up to. */
  readonly total: TotalOmeq | Absent;
  readonly fields: ReadonlyMap<string, DoseOmeq | Absent>;
}

/**
 * Oral morphine equivalents of the doses of one day, by linkId. The first table that knows drug and route gives the
 * factor. One dose without OMEQ leaves the total absent: a sum without it would be read as the whole. Not for
 * switching between opioids.
 */
export function omeq(rule: OmeqRule, tables: readonly FactorTable[], doses: ReadonlyMap<string, number>): Omeq {
  const fields = new Map<string, DoseOmeq | Absent>();
  const sum = { value: 0, low: 0, high: 0 };
  const used = new Set<string>();
  let missing: Absent | undefined;
  for (const field of rule.fields) {
    const dose = doses.get(field.linkId);
    if (dose === undefined) continue;
    const found = ofDose(rule, tables, field, dose);
    fields.set(field.linkId, found);
    if ('absent' in found) {
      missing ??= found;
    } else {
      sum.value += found.value;
      sum.low += found.low;
      sum.high += found.high;
      if (found.table !== undefined) used.add(found.table);
    }
  }
  if (missing !== undefined) return { total: missing, fields };
  if (fields.size === 0) return { total: { absent: 'no-dose' }, fields };
  return {
    total: {
      value: oneDecimal(sum.value),
      low: oneDecimal(sum.low),
      high: oneDecimal(sum.high),
      tables: [...used],
    },
    fields,
  };
}

function ofDose(rule: OmeqRule, tables: readonly FactorTable[], field: DoseField, dose: number): DoseOmeq | Absent {
  const { linkId } = field;
  if (!Number.isFinite(dose) || dose < 0) return { absent: 'not-a-dose', linkId };
  if (dose === 0) return { value: 0, low: 0, high: 0, table: undefined };
  const equivalent = equivalentOf(rule, field, dose);
  const given = equivalent ?? { route: field.route, dose, unit: field.unit };
  const key = factorKey(field.drug, given.route);
  for (const table of tables) {
    const factors = table.factors.get(key)?.filter((factor) => factor.unit === given.unit) ?? [];
    const fitting = inTheirBand(factors, given.dose);
    const chosen = rule.bandRule === 'lowest' ? fitting[0] : fitting.at(-1);
    if (chosen === undefined) continue;
    return {
      value: oneDecimal(given.dose * chosen.factor),
      low: oneDecimal(given.dose * Math.min(...fitting.map((factor) => factor.low))),
      high: oneDecimal(given.dose * Math.max(...fitting.map((factor) => factor.high))),
      table: table.canonical,
    };
  }
  return { absent: isListedDepot(rule, field) ? 'unknown-depot-dose' : 'no-factor', linkId };
}

/** What a listed depot dose counts as. Others are looked up in the tables as they are, like every dose. */
function equivalentOf(rule: OmeqRule, field: DoseField, dose: number): DoseEquivalent['as'] | undefined {
  return depotsOf(rule, field).find((each) => each.dose === dose)?.as;
}

function isListedDepot(rule: OmeqRule, field: DoseField): boolean {
  return depotsOf(rule, field).length > 0;
}

/** The depot doses of a field's drug and route that the rule lists. */
export function depotsOf({ equivalents }: OmeqRule, { drug, route }: DoseField): readonly DoseEquivalent[] {
  return equivalents.filter((each) => each.drug === drug && each.route === route);
}

/**
 * The factors, in rising order, whose result lies in the band that they are given for. The bands are given by morphine
 * dose (Helsedirektoratet: 5:1 at 30-89 mg … 12:1 from 1000 mg), so more than one may hold: 16 mg methadone is 80 mg by
 * 5:1 and 96 mg by 6:1. The lowest band also holds below its start.
 */
function inTheirBand(factors: readonly Factor[], dose: number): readonly Factor[] {
  return factors.filter(({ factor, band }, index) => {
    if (band === undefined) return true;
    const result = exact(dose * factor);
    return (index === 0 || result >= band.from) && result < band.below;
  });
}

/** Without the noise of binary fractions: 1.5 × 0.3 is 0.45. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}

/** One decimal, half upwards, as OpenQReg stores it (decimal(x,1)). */
function oneDecimal(value: number): number {
  return Math.round(exact(value * 10)) / 10;
}
