import type { Queryable } from '../../model/queryable.ts';
import type { Estimates } from './estimates.ts';
import type { SearchLimits } from './limits.ts';
import type { Criterion, SearchRequest, TokenCriterion } from './nodes.ts';
import type { Way } from './sql/page-statement.ts';
import { readsContents } from './sql/probe.ts';
import type { Statement } from './sql/statement.ts';

export interface Plan {
  readonly way: Way;
  /** The way by which all matches are counted: the criterion that matches fewest, as far as an index finds those of any. */
  readonly counted: Way;
}

/**
 * Chooses the way through the resources: by the index of the criterion that matches fewest, or, where all match many,
 * along the order asked for, testing the criteria on each resource until the page is full. For a caller who may find few
 * resources at all these are gone through, for such a page might never be full.
 *
 * A name matches few as a rule, and so does a chain that ends in one: it is tried without counting first (`guess`), and nothing is found if it matches many;
 * then the plan is made again without a guess.
 *
 * The choice rests on counts that the application makes (see Estimates), so that PostgreSQL's planner, which sees generic
 * statements without values, has nothing left to choose.
 */
export async function plan(
  db: Queryable,
  request: Pick<SearchRequest, 'types' | 'where' | 'sort'> & { readonly whole?: boolean },
  estimates: Estimates,
  statement: () => Statement,
  { collect_max, joint_min, reach_few }: SearchLimits,
  guess: boolean,
): Promise<Plan> {
  const { sort, types } = request;
  // What reads contents is tested on what satisfies the others, and not counted: that would cost as much as the search.
  const where = request.where.filter((criterion) => !readsContents(criterion));
  const only = where.length === 1 ? where[0] : undefined;
  const sure = where.some(isFew);
  if (sort.length === 0 && only !== undefined && inOrder(only) && (sure || !statement().limited)) {
    return by(only);
  }
  const likely = guess && !sure ? where.find(isLikelyFew) : undefined;
  if (likely !== undefined && estimates.known(likely, types, collect_max + 1) === undefined) {
    return { ...by(likely), way: { kind: 'members', criterion: likely, atMost: collect_max } };
  }
  const reached = sure ? undefined : await estimates.reach(db, statement, types, collect_max + 1);
  if (reached !== undefined && reached <= reach_few) {
    return { way: { kind: 'reach' }, counted: { kind: 'reach' } };
  }
  const best = await fewest(db, { types, where }, estimates, statement, collect_max + 1);
  if (reached !== undefined && reached <= collect_max && (best === undefined || reached < best.count)) {
    const counted: Way = { kind: 'reach' };
    const walks =
      types.length === 1 &&
      request.whole !== true &&
      reached * (await estimates.share(db, statement, { types, where, sort }, NEWEST)) > WALK_WORTH;
    return { way: walks ? walkAlong(request) : counted, counted };
  }
  if (best !== undefined && best.count <= collect_max) {
    const many =
      best.count >= MANY &&
      ((await estimates.ties(db, statement, types, 2 * collect_max)) ?? Number.POSITIVE_INFINITY) < 2 * best.count;
    return many
      ? { ...by(best.criterion), way: { kind: 'members', criterion: best.criterion, many } }
      : by(best.criterion);
  }
  if (
    best !== undefined &&
    where.length > 1 &&
    (await jointly(db, { types, where, sort }, best.criterion, estimates, statement, joint_min)) < joint_min
  ) {
    const criteria = where.filter(inOrder);
    return criteria.length > 1 && criteria.some((each) => each === best.criterion)
      ? { ...by(best.criterion), way: { kind: 'common', criteria } }
      : by(best.criterion);
  }
  const [first] = sort;
  if (best !== undefined && first === undefined && inOrder(best.criterion)) {
    return by(best.criterion);
  }
  const counted: Way = best === undefined ? { kind: 'type' } : by(best.criterion).counted;
  return { way: walkAlong(request), counted };
}

function walkAlong({ sort: [first], types }: Pick<SearchRequest, 'sort' | 'types'>): Way {
  const sorted = first !== undefined && first.by.kind !== 'updated' && first.by.kind !== 'id' && types.length > 0;
  return { kind: sorted ? 'sorted' : 'type' };
}

function by(criterion: Criterion): Plan {
  const way: Way = { kind: 'members', criterion };
  return { way, counted: way };
}

/**
 * So many matches are worth looking up all ties of the caller at once, if these are not more than twice as many: that takes
 * half a microsecond for each tie, looking up those of each match one.
 */
const MANY = 500;

const NEWEST = 1000;
/** A walk that looks at fewer than half of what is in reach for a page of twenty: 21 / (share / NEWEST) < reached / 2. */
const WALK_WORTH = 2 * 21 * NEWEST;

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
