import type { Criterion } from './nodes.ts';

/** Whether a criterion, or one within it, is of a kind. */
export function contains(criterion: Criterion, kind: Criterion['kind']): boolean {
  if (criterion.kind === kind) {
    return true;
  }
  switch (criterion.kind) {
    case 'not':
      return contains(criterion.of, kind);
    case 'and':
    case 'or':
      return criterion.of.some((each) => contains(each, kind));
    case 'has':
      return contains(criterion.where, kind);
    case 'chain':
      return criterion.targets.some(({ where }) => contains(where, kind));
    default:
      return false;
  }
}

type Of<K> = Extract<Criterion, { readonly kind: K }>;

/** The criteria, those of a kind replaced wherever they stand. */
export async function replaced<K extends Criterion['kind']>(
  criteria: readonly Criterion[],
  kind: K,
  replace: (criterion: Of<K>) => Promise<Criterion>,
): Promise<readonly Criterion[]> {
  const isKind = (criterion: Criterion): criterion is Of<K> => criterion.kind === kind;
  const inside = async (criterion: Criterion): Promise<Criterion> => {
    if (isKind(criterion)) {
      return replace(criterion);
    }
    switch (criterion.kind) {
      case 'not':
        return { ...criterion, of: await inside(criterion.of) };
      case 'and':
      case 'or':
        return { ...criterion, of: await Promise.all(criterion.of.map(inside)) };
      case 'has':
        return { ...criterion, where: await inside(criterion.where) };
      case 'chain':
        return {
          ...criterion,
          targets: await Promise.all(
            criterion.targets.map(async ({ type, where }) => ({ type, where: await inside(where) })),
          ),
        };
      default:
        return criterion;
    }
  };
  return criteria.some((criterion) => contains(criterion, kind)) ? Promise.all(criteria.map(inside)) : criteria;
}
