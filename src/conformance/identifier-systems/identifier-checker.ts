/** What is wrong with an identifier's value; undefined if nothing is. The words never repeat the value. */
export type IdentifierChecker = (value: string) => string | undefined;
