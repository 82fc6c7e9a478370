import type { Queryable } from '../../model/queryable.ts';
import type { Estimates } from './estimates.ts';
import type { SearchLimits } from './limits.ts';
import type { Criterion, SearchRequest, TokenCriterion } from './nodes.ts';
import type { Way } from './sql/page-statement.ts';
import { readsContents } from './sql/probe.ts';
import type { Statement } from './sql/statement.ts';

export interface Plan {
  readonly way: Way;
  /** The criterion that matches fewest; undefined where no index finds those of any. */
  readonly best: Criterion | undefined;
}

/**
 * Chooses the way through the resources: by the index of the criterion that matches fewest, or, where all match many,
 * along the order asked for, testing the criteria on each resource until the page is full.
 *
 * A name matches few as a rule, and so does a chain that ends in one: it is tried without counting first (`guess`), and nothing is found if it matches many;
 * then the plan is made again without a guess.
 *
 * The choice rests on counts that the application makes (see Estimates), so that PostgreSQL's planner, which sees generic
 * statements without values, has nothing left to choose.
 */
export async function plan(
  db: Queryable,
  request: Pick<SearchRequest, 'types' | 'where' | 'sort'>,
  estimates: Estimates,
  statement: () => Statement,
  { collect_max, joint_min }: SearchLimits,
  guess: boolean,
): Promise<Plan> {
  const { sort, types } = request;
  // What reads contents is tested on what satisfies the others, and not counted: that would cost as much as the search.
  const where = request.where.filter((criterion) => !readsContents(criterion));
  const only = where.length === 1 ? where[0] : undefined;
  if (sort.length === 0 && only !== undefined && inOrder(only)) {
    return { way: { kind: 'members', criterion: only }, best: only };
  }
  const likely = guess ? where.find(isLikelyFew) : undefined;
  if (likely !== undefined && !where.some(isFew) && estimates.known(likely, types, collect_max + 1) === undefined) {
    return { way: { kind: 'members', criterion: likely, atMost: collect_max }, best: likely };
  }
  const best = await fewest(db, { types, where }, estimates, statement, collect_max + 1);
  if (best !== undefined && best.count <= collect_max) {
    return { way: { kind: 'members', criterion: best.criterion }, best: best.criterion };
  }
  if (
    best !== undefined &&
    where.length > 1 &&
    (await jointly(db, { types, where, sort }, best.criterion, estimates, statement, joint_min)) < joint_min
  ) {
    const criteria = where.filter(inOrder);
    return criteria.length > 1 && criteria.some((each) => each === best.criterion)
      ? { way: { kind: 'common', criteria }, best: best.criterion }
      : { way: { kind: 'members', criterion: best.criterion }, best: best.criterion };
  }
  const [first] = sort;
  if (best !== undefined && first === undefined && inOrder(best.criterion)) {
    return { way: { kind: 'members', criterion: best.criterion }, best: best.criterion };
  }
  const walked = first === undefined || first.by.kind === 'updated' || types.length === 0;
  if (walked) {
    return { way: { kind: 'type' }, best: best?.criterion };
  }
  return { way: { kind: first.by.kind === 'id' ? 'type' : 'sorted' }, best: best?.criterion };
}

/** Of how many matches of one criterion it is seen how many satisfy all. */
const SAMPLE = 20_000;

/** How many of a sample of one criterion's matches satisfy all criteria, counted to `atMost`. */
async function jointly(
  db: Queryable,
  asked: Pick<SearchRequest, 'types' | 'where' | 'sort'>,
  criterion: Criterion,
  estimates: Estimates,
  statement: () => Statement,
  atMost: number,
): Promise<number> {
  return (await estimates.joint(db, statement, asked, criterion, SAMPLE, atMost)) ?? atMost;
}

function isLikelyFew(criterion: Criterion): boolean {
  return criterion.kind === 'chain'
    ? criterion.targets.every(({ where }) => isFew(where) || isLikelyFew(where))
    : criterion.kind === 'string' && criterion.match !== 'contains';
}

function isFew(criterion: Criterion): boolean {
  return criterion.kind === 'id' || (criterion.kind === 'token' && criterion.few);
}

/** Matches come out of the index by rid, the order of a search that asks for none. */
function inOrder(criterion: Criterion): criterion is TokenCriterion {
  return criterion.kind === 'token' && criterion.keys.length === 1;
}

interface Candidate {
  readonly criterion: Criterion;
  readonly count: number;
}

async function fewest(
  db: Queryable,
  { where, types }: Pick<SearchRequest, 'types' | 'where'>,
  estimates: Estimates,
  statement: () => Statement,
  bound: number,
): Promise<Candidate | undefined> {
  const sure = where.find(isFew);
  if (sure !== undefined) {
    return { criterion: sure, count: (await estimates.of(db, statement, sure, types, bound)) ?? 0 };
  }
  let best: Candidate | undefined;
  for (const criterion of where) {
    const count = await estimates.of(db, statement, criterion, types, bound);
    if (count !== undefined && (best === undefined || count < best.count)) {
      best = { criterion, count };
    }
  }
  return best;
}
