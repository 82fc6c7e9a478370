import type { Form, FormItem } from '../form.ts';
import type { AnswerReading, ScoreRule, ScoreRules } from './rule.ts';
import { columnIndex, type ScoreTable } from './table.ts';

/** A score as SDC writes it: the variable `values` and the calculatedExpression of a hidden item. */
export interface ScoreExpression {
  /** FHIRPath of the variable `values`: the parts' values, without the missing ones. */
  readonly values: string;
  /** FHIRPath of the score, by `%values`; empty where there is no score. */
  readonly expression: string;
}

/** Larger tables are not written out: nobody could read, and no renderer would be quick with, 3,125 states. */
const writtenRowsMax = 40;

/**
 * A rule as FHIRPath, for valid responses, so that any SDC renderer shows the same score; undefined where FHIRPath can't
 * tell it: a large table, an item that may occur several times. Limits and ranges are not repeated: what breaks them is
 * refused before it is scored.
 */
export function asFhirPath(
  rules: ScoreRules,
  rule: ScoreRule,
  form: Form,
  tables: ReadonlyMap<string, ScoreTable>,
): ScoreExpression | undefined {
  const values =
    rule.items === undefined ? valuesOfScores(rules, rule, form, tables) : valuesOfItems(rules, rule, form);
  if (values === undefined) return undefined;
  const table = rule.table && tables.get(rule.table.table);
  let expression: string | undefined;
  if (rule.table === undefined) expression = aggregated(rules, rule, form);
  else if (table === undefined) return undefined;
  else if (rule.table.kind === 'decrements') expression = decrements(rules, rule, form, table);
  else expression = lookedUp(rules, rule, form, table);
  if (expression === undefined) return undefined;
  const isRounded = rule.decimals === undefined || rule.table?.kind === 'decrements';
  return { values, expression: isRounded ? expression : `(${expression}).round(${rule.decimals})` };
}

/** An expression that needs no variable. */
function closed({ values, expression }: ScoreExpression): string {
  return expression.replaceAll('%values', `(${values})`);
}

function valuesOfScores(
  rules: ScoreRules,
  rule: ScoreRule,
  form: Form,
  tables: ReadonlyMap<string, ScoreTable>,
): string | undefined {
  if (rule.table?.kind === 'decrements') {
    const state = rules.scores.find(({ code }) => code === rule.scores?.[0]);
    return state?.items === undefined ? undefined : valuesOfItems(rules, state, form);
  }
  const parts = (rule.scores ?? []).map((code) => {
    const part = rules.scores.find((other) => other.code === code);
    return part && asFhirPath(rules, part, form, tables);
  });
  if (parts.some((part) => part === undefined)) return undefined;
  const [first = '', ...more] = parts.flatMap((part) => (part === undefined ? [] : [`(${closed(part)})`]));
  return first + more.map((part) => `.combine(${part})`).join('');
}

function valuesOfItems(rules: ScoreRules, rule: ScoreRule, form: Form): string | undefined {
  const reading = rule.answers ?? rules.answers;
  const counts = rule.aggregate.kind === 'count' && rule.items?.length === 1;
  const groups = new Map<string, string[]>();
  for (const linkId of rule.items ?? []) {
    const item = form.items.get(linkId);
    if (item === undefined || (mayRepeat(item) && !counts)) return undefined;
    const value = valueOfItem(reading, item);
    if (value === undefined) return undefined;
    const key = `${placeOfItem(item)}\n${value}`;
    groups.set(key, [...(groups.get(key) ?? []), linkId]);
  }
  const parts = [...groups].map(([key, linkIds]) => {
    const [place = '', value = ''] = key.split('\n');
    const names = linkIds.map((linkId) => `'${linkId}'`);
    const test = names.length === 1 ? `linkId = ${names[0]}` : `linkId in (${names.join(' | ')})`;
    return `${place}.where(${test}).answer${value}`;
  });
  const [first = '', ...more] = parts;
  return first + more.map((part) => `.combine(${part})`).join('');
}

/** Undefined if it may have several answers in a response. */
function mayRepeat(item: FormItem): boolean {
  for (let at: FormItem | undefined = item; at !== undefined; at = at.parent) {
    if (at.repeats) return true;
  }
  return false;
}

function placeOfItem({ parent }: FormItem): string {
  if (parent === undefined) return '%resource.item';
  for (let at: FormItem | undefined = parent; at !== undefined; at = at.parent) {
    if (at.type !== 'group') return '%resource.descendants()';
  }
  return '%resource.repeat(item)';
}

/** From an answer to its value: `.value.weight().select(6 - $this)`. */
function valueOfItem(reading: AnswerReading, item: FormItem): string | undefined {
  const coded = item.type === 'choice' || item.type === 'open-choice';
  if (!coded && item.type !== 'integer' && item.type !== 'decimal') return undefined;
  const missing = reading.missing.map((code) => (coded ? `'${code}'` : code));
  const kept = missing.length === 0 ? '' : `.where((${coded ? 'code' : '$this'} in (${missing.join(' | ')})).not())`;
  const asText = coded && reading.from === 'code';
  const raw = `.value${kept}${!coded ? '' : asText ? '.code' : '.weight()'}`;
  const recodes = reading.recode.filter(({ items }) => items === undefined || items.includes(item.linkId));
  const pairs = recodes.flatMap(({ values }) => Object.entries(values));
  const recoded =
    pairs.length > 0
      ? `.select(${chain(pairs.map(([key, value]) => [asText ? `'${key}'` : key, value]))})`
      : asText
        ? '.toDecimal()'
        : '';
  const reverse = reading.reverse.find(({ items }) => items.includes(item.linkId));
  return raw + recoded + (reverse === undefined ? '' : `.select(${reverse.low + reverse.high} - $this)`);
}

function chain(pairs: readonly (readonly [string, number])[], otherwise?: string): string {
  const [first, ...more] = pairs;
  if (first === undefined) return otherwise ?? '{}';
  const rest = more.length === 0 ? otherwise : chain(more, otherwise);
  return `iif($this = ${first[0]}, ${first[1]}${rest === undefined ? '' : `, ${rest}`})`;
}

function aggregated(rules: ScoreRules, rule: ScoreRule, form: Form): string | undefined {
  const { aggregate, missing } = rule;
  const count = (rule.items ?? rule.scores ?? []).length;
  const enough =
    missing.minimum === 1
      ? '%values.exists()'
      : `%values.count() ${missing.minimum === count ? '=' : '>='} ${missing.minimum}`;
  const given = (expression: string): string => `iif(${enough}, ${expression})`;
  switch (aggregate.kind) {
    case 'sum':
      return given(missing.prorate ? `%values.sum() * ${count} / %values.count()` : '%values.sum()');
    case 'mean':
      return given('%values.sum() / %values.count()');
    case 'min':
    case 'max':
      return given(`%values.${aggregate.kind}()`);
    case 'value':
      return '%values';
    case 'percent': {
      const { lowest, highest } = aggregate;
      const sum = lowest === 0 ? '%values.sum()' : `(%values.sum() - ${lowest} * %values.count())`;
      return given(`100 * ${sum} / (${highest - lowest} * %values.count())`);
    }
    case 'count':
      return given(`%values.where($this >= ${aggregate.atLeast}).count()`);
    case 'linear': {
      if (rule.items === undefined) return undefined;
      const terms = rule.items.map((linkId) => `${aggregate.factors[linkId]} * ${ownValue(rules, rule, form, linkId)}`);
      return [String(aggregate.constant), ...terms].join(' + ');
    }
    case 'state':
      return rule.items?.map((linkId) => `${ownValue(rules, rule, form, linkId)}.round(0).toString()`).join(' + ');
    // The form calculates each dose field for itself: src/forms/omeq/as-fhirpath.ts.
    case 'omeq':
      return undefined;
  }
}

/** The value of one item, apart from the others. */
function ownValue(rules: ScoreRules, rule: ScoreRule, form: Form, linkId: string): string {
  return valuesOfItems(rules, { ...rule, items: [linkId] }, form) ?? '{}';
}

function lookedUp(rules: ScoreRules, rule: ScoreRule, form: Form, table: ScoreTable): string | undefined {
  const raw = aggregated(rules, rule, form);
  if (raw === undefined || rule.table === undefined || table.rows.length > writtenRowsMax) return undefined;
  const key = columnIndex(table, rule.table.key, 0, rule.table.table);
  const value = columnIndex(table, rule.table.value, 1, rule.table.table);
  return `${raw}.select(${chain(table.rows.map((row) => [row[key] ?? '', Number(row[value])]))})`;
}

/**
 * Terms of a value set, added up as whole numbers of the table's last decimal: so no sum falls on the wrong side of a half
 * by what binary fractions leave, and no renderer's way of rounding a negative half matters.
 */
function decrements(rules: ScoreRules, rule: ScoreRule, form: Form, table: ScoreTable): string | undefined {
  const state = rule.items === undefined ? rules.scores.find(({ code }) => code === rule.scores?.[0]) : rule;
  if (state?.items === undefined) return undefined;
  const places = Math.max(...table.rows.map(([, value = '']) => value.split('.')[1]?.length ?? 0));
  const terms = new Map(table.rows.map(([term = '', value]) => [term, Math.round(Number(value) * 10 ** places)]));
  const ofDimension = ['MO', 'SC', 'UA', 'PD', 'AD'].map((dimension, index) => {
    const levels = [...terms]
      .filter(([term, value]) => term.startsWith(dimension) && value !== 0)
      .map(([term, value]) => [term.slice(2), value] as const);
    return `${ownValue(rules, state, form, state.items?.[index] ?? '')}.select(${chain(levels, '0')})`;
  });
  const once = [...terms]
    .filter(([term]) => /^N\d$/.test(term))
    .map(([term, value]) => `iif(%values.where($this >= ${term.slice(1)}).exists(), ${value}, 0)`);
  const sum = [String(terms.get('full')), ...ofDimension, ...once].join(' + ');
  const dropped = places - (rule.decimals ?? places);
  if (dropped <= 0) return `(${sum}) / ${10 ** places}`;
  const half = 10 ** dropped / 2;
  const rounded = `iif($this < 0, $this - ${half}, $this + ${half}) div ${10 ** dropped}`;
  return `(${sum}).select((${rounded}) / ${10 ** (places - dropped)})`;
}
