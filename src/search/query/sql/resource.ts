/** SQL that finds and tells what a resource is. */

/** The resource of a rid that is already at hand: the fence (`offset 0`) keeps the planner at one look-up by key a row. */
export function resourceOf(rid: string, alias: string): string {
  return `cross join lateral (select * from resource where shard = ((${rid} >> 10) & 4095)::int2 and rid = ${rid} offset 0) ${alias}`;
}

/** The FHIR id: a client's, or the rid in 16 hexadecimal digits. */
export function idOf(alias: string): string {
  return `coalesce(${alias}.id, lpad(to_hex(${alias}.rid), 16, '0'))`;
}
