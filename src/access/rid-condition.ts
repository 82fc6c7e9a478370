import type { RowCondition } from '../model/access.ts';
import type { Rid } from '../model/rid.ts';

/** One resource alone, as it is stored; what is yet to be stored never meets it. */
export function ridCondition(rid: Rid): RowCondition {
  return {
    key: `rid=${rid}`,
    sql: (resource, bind) => `${resource}.rid = ${bind(rid, 'int8')}`,
    holds: () => false,
  };
}
