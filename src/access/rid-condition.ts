import type { RowCondition } from '../model/access.ts';
import type { Rid } from '../model/rid.ts';

/** These resources alone, as they are stored; what is yet to be stored never meets it. */
export function ridCondition(...rids: readonly Rid[]): RowCondition {
  return {
    key: `rid=${rids.join()}`,
    sql: (resource, bind) => `${resource}.rid = any(${bind(rids, 'int8[]')})`,
    holds: () => false,
  };
}
