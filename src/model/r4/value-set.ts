/** The codes of a value set, by code system, in the order of its definition. */
export type ValueSetCodes = readonly (readonly [system: string, codes: readonly string[]])[];
