import { error, FhirError } from '../../model/issue.ts';
import { JsonReader, type RuleFault } from './json-reader.ts';
import { readChange } from './read-change.ts';
import { present, readWording } from './read-wording.ts';
import type {
  Aggregate,
  AnswerReading,
  Band,
  MissingRule,
  OmeqAggregate,
  ScoreRule,
  ScoreRules,
  TableUse,
} from './rule.ts';
import { crossFaults } from './rule-faults.ts';

/** Reads a rule file, checked as a whole: the rules, or every fault of it with a JSON pointer. */
export function readScoreRules(json: unknown): { rules: ScoreRules; faults: readonly RuleFault[] } {
  const file = new JsonReader(json).only('instrument', 'answers', 'sources', 'scores');
  const answers = readAnswers(file.at('answers'));
  const sources = file.at('sources').record((source) => {
    source.only('citation', 'url');
    return { citation: source.at('citation').text(), ...present('url', source.at('url').maybe(text, undefined)) };
  });
  const scores = file.at('scores').list(readScore);
  const rules = { instrument: file.at('instrument').text(), answers, sources, scores };
  if (file.faults.length === 0) file.faults.push(...crossFaults(rules));
  return { rules, faults: file.faults };
}

/** The rules of a file's text. @throws FhirError 422 with an issue for every fault, which names the place in the file. */
export function parseScoreRules(content: string, name: string): ScoreRules {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    throw new FhirError(422, [error('structure', `The score rules in ${name} are no JSON.`)]);
  }
  const { rules, faults } = readScoreRules(json);
  if (faults.length > 0) {
    throw new FhirError(
      422,
      faults.map((fault) => error('invalid', `Score rules in ${name}, ${fault.pointer || 'the file'}: ${fault.text}`)),
    );
  }
  return rules;
}

function text(reader: JsonReader): string {
  return reader.text();
}

function number(reader: JsonReader): number {
  return reader.number();
}

function readAnswers(answers: JsonReader): AnswerReading {
  answers.only('from', 'missing', 'recode', 'reverse', 'min', 'max');
  return {
    from: answers.at('from').oneOf('weight', 'number', 'code'),
    missing: answers.at('missing').maybe((list) => list.list(text), []),
    recode: answers.at('recode').maybe((list) => list.list(readRecode), []),
    reverse: answers.at('reverse').maybe((list) => list.list(readReverse), []),
    ...present('min', answers.at('min').maybe(number, undefined)),
    ...present('max', answers.at('max').maybe(number, undefined)),
  };
}

function readRecode(recode: JsonReader): AnswerReading['recode'][number] {
  recode.only('items', 'values');
  const items = recode.at('items').maybe((list) => list.list(text), undefined);
  return { ...present('items', items), values: recode.at('values').record(number) };
}

function readReverse(reverse: JsonReader): AnswerReading['reverse'][number] {
  reverse.only('items', 'low', 'high');
  return {
    items: reverse.at('items').list(text),
    low: reverse.at('low').number(),
    high: reverse.at('high').number(),
  };
}

function readScore(score: JsonReader): ScoreRule {
  score.only(
    ...['code', 'display', 'version', 'codings', 'choice', 'items', 'scores', 'answers', 'aggregate', 'missing'],
    ...['table', 'range', 'unit', 'decimals', 'higherIs', 'bands', 'change', 'sources'],
  );
  const items = score.at('items').maybe((list) => list.list(text), undefined);
  const scores = score.at('scores').maybe((list) => list.list(text), undefined);
  const version = score.at('version').text();
  if (!/^\d+\.\d+\.\d+$/.test(version)) score.at('version').fault('must be a version such as 1.0.0.');
  return {
    code: score.at('code').text(),
    display: readWording(score.at('display')),
    version,
    codings: score.at('codings').maybe((list) => list.list(readCoding), []),
    ...present(
      'choice',
      score.at('choice').maybe((value) => value.oneOf('default', 'onRequest'), undefined),
    ),
    ...present('items', items),
    ...present('scores', scores),
    ...present('answers', score.at('answers').maybe(readAnswers, undefined)),
    aggregate: readAggregate(score.at('aggregate')),
    missing: readMissing(score.at('missing'), (items ?? scores ?? []).length),
    ...present('table', score.at('table').maybe(readTable, undefined)),
    ...present('range', score.at('range').maybe(readRange, undefined)),
    unit: score.at('unit').maybe(text, '{score}'),
    ...present(
      'decimals',
      score.at('decimals').maybe((value) => value.whole(0, 6), undefined),
    ),
    ...present(
      'higherIs',
      score.at('higherIs').maybe((value) => value.oneOf('better', 'worse'), undefined),
    ),
    bands: score.at('bands').maybe((list) => list.list(readBand), []),
    ...present('change', score.at('change').maybe(readChange, undefined)),
    sources: score.at('sources').list(text),
  };
}

function readCoding(coding: JsonReader): ScoreRule['codings'][number] {
  coding.only('system', 'code', 'display');
  const display = coding.at('display').maybe(text, undefined);
  return { system: coding.at('system').text(), code: coding.at('code').text(), ...present('display', display) };
}

function readAggregate(aggregate: JsonReader): Aggregate {
  const kind = aggregate
    .at('kind')
    .oneOf('sum', 'mean', 'min', 'max', 'value', 'percent', 'count', 'linear', 'state', 'omeq');
  switch (kind) {
    case 'percent':
      aggregate.only('kind', 'lowest', 'highest');
      return { kind, lowest: aggregate.at('lowest').number(), highest: aggregate.at('highest').number() };
    case 'count':
      aggregate.only('kind', 'atLeast');
      return { kind, atLeast: aggregate.at('atLeast').number() };
    case 'linear':
      aggregate.only('kind', 'constant', 'factors');
      return {
        kind,
        constant: aggregate.at('constant').maybe(number, 0),
        factors: aggregate.at('factors').record(number),
      };
    case 'omeq':
      aggregate.only('kind', 'doses', 'equivalents', 'bandRule', 'tables');
      return {
        kind,
        doses: aggregate.at('doses').record(readDose),
        equivalents: aggregate.at('equivalents').maybe((list) => list.list(readEquivalent), []),
        bandRule: aggregate.at('bandRule').oneOf('lowest', 'highest'),
        tables: aggregate.at('tables').list(readCanonical),
      };
    default:
      aggregate.only('kind');
      return { kind };
  }
}

function readDose(dose: JsonReader): OmeqAggregate['doses'][string] {
  dose.only('drug', 'route', 'unit');
  return { drug: dose.at('drug').text(), route: dose.at('route').text(), unit: dose.at('unit').text() };
}

function readEquivalent(equivalent: JsonReader): OmeqAggregate['equivalents'][number] {
  equivalent.only('drug', 'route', 'dose', 'as');
  const as = equivalent.at('as').only('route', 'dose', 'unit');
  return {
    drug: equivalent.at('drug').text(),
    route: equivalent.at('route').text(),
    dose: equivalent.at('dose').number(),
    as: { route: as.at('route').text(), dose: as.at('dose').number(), unit: as.at('unit').text() },
  };
}

/** A table, with its version: so a rule's version fixes its tables'. */
function readCanonical(canonical: JsonReader): string {
  const value = canonical.text();
  if (!/^[^|\s]+\|[^|\s]+$/.test(value)) {
    canonical.fault('must name a Library with its version, such as https://…/Library/x|1.0.0.');
  }
  return value;
}

/** Without a missing rule everything must be answered. */
function readMissing(missing: JsonReader, parts: number): MissingRule {
  if (!missing.isThere) return { minimum: parts, prorate: false };
  missing.only('minimum', 'prorate');
  return {
    minimum: missing.at('minimum').whole(1, Number.MAX_SAFE_INTEGER),
    prorate: missing.at('prorate').maybe((value) => value.boolean(), false),
  };
}

function readTable(table: JsonReader): TableUse {
  table.only('kind', 'table', 'key', 'value', 'error');
  return {
    kind: table.at('kind').oneOf('lookup', 'decrements'),
    table: readCanonical(table.at('table')),
    ...present('key', table.at('key').maybe(text, undefined)),
    ...present('value', table.at('value').maybe(text, undefined)),
    ...present('error', table.at('error').maybe(text, undefined)),
  };
}

function readRange(range: JsonReader): { min: number; max: number } {
  range.only('min', 'max');
  return { min: range.at('min').number(), max: range.at('max').number() };
}

function readBand(band: JsonReader): Band {
  band.only('code', 'display', 'from', 'above', 'source');
  return {
    code: band.at('code').text(),
    display: readWording(band.at('display')),
    ...present('from', band.at('from').maybe(number, undefined)),
    ...present('above', band.at('above').maybe(number, undefined)),
    ...present('source', band.at('source').maybe(text, undefined)),
  };
}
