/**
 * Where the values of a search parameter go: to the rows of the resource, or into the combinations of a composite. Forms
 * are those of keys.ts.
 */
export interface Emit {
  /** A value that is compared for equality. */
  form(form: string): void;
  /** A further way to find it, which composites do not combine. */
  alone(form: string): void;
  reference(type: string, id: string): void;
  /** Closed interval. */
  range(form: string, lo: number, hi: number): void;
  /** Text to be folded. */
  text(form: string, text: string): void;
  /** A uri as text, not folded. */
  uriText(uri: string): void;
}

/** Puts one value of the FHIR type that the indexer is made for. Values that are not of that type are passed over. */
export type Indexer = (value: unknown, out: Emit) => void;

/** What an interval that is open to one side ends with: no date (Date's own limit), and further than any quantity. */
export const DATE_LIMIT = 8.64e15;
export const NUMBER_LIMIT = 1e300;
