/**
 * Every type of R4 with its elements, a line each: `name kind base` with the kind's first letter, then for each element ` name types`,
 * the name with `*` for a choice.
 */
export declare const typesText: string;
