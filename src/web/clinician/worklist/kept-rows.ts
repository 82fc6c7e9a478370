import { useMemo, useRef } from 'react';
import type { Registration } from './registration.ts';

/** Whether two readings of a line show the same: what it is made of, and what others call it. */
export function saysTheSame(a: Registration, b: Registration): boolean {
  return (
    a.version === b.version &&
    a.patient.name === b.patient.name &&
    a.patient.birthDate === b.patient.birthDate &&
    a.number === b.number &&
    a.ward === b.ward &&
    a.location === b.location
  );
}

/**
 * The rows, with the objects of the reading before for those that say the same: of hundreds of lines only those are drawn
 * again that have changed.
 */
export function useKeptRows<R extends Registration>(
  rows: readonly R[],
  same: (a: R, b: R) => boolean = saysTheSame,
): readonly R[] {
  const before = useRef<ReadonlyMap<string, R>>(new Map());
  return useMemo(() => {
    const kept = rows.map((row) => {
      const old = before.current.get(row.id);
      return old !== undefined && same(old, row) ? old : row;
    });
    before.current = new Map(kept.map((row) => [row.id, row]));
    return kept;
  }, [rows, same]);
}
