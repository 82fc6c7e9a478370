/** Invariants that other files of this room check, in one pass over the resource. */
export const checkedElsewhere: ReadonlySet<string> = new Set([
  'dom-2', // container.ts
  'dom-3',
  'dom-4',
  'dom-5',
  'ref-1', // check-reference.ts
  'txt-1', // narrative.ts
  'txt-2',
  'sqty-1', // the cardinality of SimpleQuantity.comparator says the same
]);

/** Invariants of R4 that are not checked, each with the reason. */
export const excluded: ReadonlyMap<string, string> = new Map([
  ['ctm-1', 'asks for the type of a resource that is referred to, which a check of one resource cannot see'],
]);
