import type { RuleFault } from './json-reader.ts';
import type { AnswerReading, ScoreRule, ScoreRules } from './rule.ts';

/** What is wrong between the parts of a rule file whose parts are well-formed each on its own. */
export function crossFaults(rules: ScoreRules): readonly RuleFault[] {
  const faults: RuleFault[] = [];
  const items = new Set(rules.scores.flatMap((score) => score.items ?? []));
  faults.push(...readingFaults(rules.answers, items, '/answers'));
  const before = new Map<string, ScoreRule>();
  rules.scores.forEach((score, index) => {
    const pointer = `/scores/${index}`;
    const add = (at: string, text: string) => faults.push({ pointer: pointer + at, text });
    if (before.has(score.code)) add('/code', 'is the code of an earlier score; every score has its own.');
    partFaults(score, before, add);
    aggregateFaults(score, add);
    if (score.answers) faults.push(...readingFaults(score.answers, new Set(score.items), `${pointer}/answers`));
    bandFaults(score, add);
    citedFaults(score, rules, add);
    before.set(score.code, score);
  });
  return faults;
}

type Add = (at: string, text: string) => void;

function readingFaults(reading: AnswerReading, items: ReadonlySet<string>, pointer: string): RuleFault[] {
  const lists = [
    ...reading.recode.map((recode, index) => [`/recode/${index}/items`, recode.items ?? []] as const),
    ...reading.reverse.map((reverse, index) => [`/reverse/${index}/items`, reverse.items] as const),
  ];
  return lists.flatMap(([at, named]) =>
    named.flatMap((item, index) =>
      items.has(item) ? [] : [{ pointer: `${pointer}${at}/${index}`, text: 'is an item that no score uses.' }],
    ),
  );
}

function partFaults(score: ScoreRule, before: ReadonlyMap<string, ScoreRule>, add: Add): void {
  const parts = score.items ?? score.scores ?? [];
  if ((score.items === undefined) === (score.scores === undefined)) add('', 'needs items or scores, one of the two.');
  else if (parts.length === 0) add(score.items ? '/items' : '/scores', 'must not be empty.');
  if (new Set(parts).size < parts.length) add(score.items ? '/items' : '/scores', 'names something twice.');
  (score.scores ?? []).forEach((code, index) => {
    const part = before.get(code);
    if (part === undefined) add(`/scores/${index}`, 'is no score that stands before this one.');
    else if (part.aggregate.kind === 'state' && part.table === undefined && score.aggregate.kind !== 'value') {
      add(`/scores/${index}`, 'is a state, not a number; only a table can take it (aggregate value).');
    }
  });
  if (score.scores !== undefined && score.answers !== undefined) add('/answers', 'belongs to items, not to scores.');
}

function aggregateFaults({ aggregate, items, scores, missing, table, choice }: ScoreRule, add: Add): void {
  const parts = items ?? scores ?? [];
  if (aggregate.kind === 'value' && parts.length !== 1) add('/aggregate', 'value is for a single part.');
  if (aggregate.kind === 'percent' && aggregate.highest <= aggregate.lowest) {
    add('/aggregate/highest', 'must be above lowest.');
  }
  if (aggregate.kind === 'linear') {
    for (const part of parts) {
      if (!Object.hasOwn(aggregate.factors, part)) add('/aggregate/factors', `has no factor for ${part}.`);
    }
    for (const part of Object.keys(aggregate.factors)) {
      if (!parts.includes(part)) add(`/aggregate/factors/${part}`, 'is a factor for no part.');
    }
  }
  if (aggregate.kind === 'omeq') {
    for (const part of parts) {
      if (!Object.hasOwn(aggregate.doses, part)) add('/aggregate/doses', `does not say what a dose in ${part} is.`);
    }
    if (aggregate.tables.length === 0) add('/aggregate/tables', 'must name at least one table.');
    if (items === undefined) add('/aggregate', 'omeq is of items.');
  }
  const whole = aggregate.kind === 'state' || aggregate.kind === 'linear' || aggregate.kind === 'value';
  if (whole && missing.minimum < parts.length) add('/missing/minimum', `a ${aggregate.kind} needs every part.`);
  if (parts.length > 0 && missing.minimum > parts.length) {
    add('/missing/minimum', `must be at most ${parts.length}, the number of parts.`);
  }
  if (missing.prorate && aggregate.kind !== 'sum') add('/missing/prorate', 'is for a sum.');
  if (table?.kind === 'lookup' && aggregate.kind === 'sum' && !missing.prorate && missing.minimum < parts.length) {
    add('/missing/minimum', 'a table of sums holds for the sum of all parts.');
  }
  if (choice !== undefined && table === undefined) add('/choice', 'is between tables; this score has none.');
  if (table?.kind === 'decrements' && aggregate.kind !== 'state' && scores === undefined)
    add('/table', 'of decrements needs a state, or the score of one.');
  if (table?.kind === 'decrements' && (table.key ?? table.value ?? table.error) !== undefined) {
    add('/table', 'of decrements has the columns term and value; none are named.');
  }
}

function bandFaults({ bands, range, aggregate, table }: ScoreRule, add: Add): void {
  if (range !== undefined && range.max < range.min) add('/range/max', 'must not be below min.');
  const isState = aggregate.kind === 'state' && table === undefined;
  if (isState && (range !== undefined || bands.length > 0)) add('', 'is a state: it has neither range nor bands.');
  if (new Set(bands.map(({ code }) => code)).size < bands.length) add('/bands', 'has two bands with the same code.');
  bands.forEach((band, index) => {
    if ((band.from === undefined) === (band.above === undefined)) {
      add(`/bands/${index}`, 'needs from or above, one of the two.');
    }
    const previous = bands[index - 1];
    if (previous !== undefined && edge(band) <= edge(previous)) {
      add(`/bands/${index}`, 'must begin above the band before it.');
    }
  });
}

function edge(band: { from?: number; above?: number }): number {
  return band.from ?? band.above ?? 0;
}

function citedFaults(score: ScoreRule, rules: ScoreRules, add: Add): void {
  const cited: [string, string | undefined][] = [
    ...score.sources.map((name, index): [string, string] => [`/sources/${index}`, name]),
    ...score.bands.map((band, index): [string, string | undefined] => [`/bands/${index}/source`, band.source]),
  ];
  const { change } = score;
  if (change !== undefined) {
    cited.push(
      ...change.thresholds.map((threshold, index): [string, string | undefined] => [
        `/change/thresholds/${index}/source`,
        threshold.source,
      ]),
    );
    if (change.error !== undefined && 'sem' in change.error) cited.push(['/change/error/source', change.error.source]);
    if (score.higherIs === undefined) add('/change', 'needs higherIs: else nobody knows which way is better.');
    if (change.responder !== undefined && !change.thresholds.some(({ code }) => code === change.responder)) {
      add('/change/responder', 'is no code of a threshold.');
    }
    if (change.error !== undefined && 'fromTable' in change.error && score.table?.error === undefined) {
      add('/change/error/fromTable', 'needs a table with an error column.');
    }
  }
  for (const [at, name] of cited) {
    if (name !== undefined && !Object.hasOwn(rules.sources, name)) add(at, 'is not in sources.');
  }
  if (score.sources.length === 0) add('/sources', 'must name at least one source.');
}
