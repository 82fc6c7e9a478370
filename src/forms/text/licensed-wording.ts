/** A licence to use somebody's wording. */
export interface Licence {
  readonly holder: string;
  readonly reference: string;
  readonly terms: string;
  /** The last day, YYYY-MM-DD; undefined where it has no end. */
  readonly until: string | undefined;
}

/** The words of one item. */
export interface ItemWording {
  readonly text?: string | undefined;
  readonly prefix?: string | undefined;
  /** Displays by the option's name (optionName in places.ts). */
  readonly options: ReadonlyMap<string, string>;
}

/** The words of a form in one language, and the licence under which they are used. */
export interface LicensedWording {
  readonly url: string;
  readonly version: string;
  /** BCP 47 tag. */
  readonly language: string;
  readonly licence: Licence;
  readonly title: string | undefined;
  readonly items: ReadonlyMap<string, ItemWording>;
}
