/** What charts say by themselves; titles are the words of instruments and registries. */
export interface ChartWords {
  /** One value: {title}, {value}, {band}, {day}. */
  readonly once: string;
  readonly down: string;
  readonly up: string;
  readonly same: string;
  readonly none: string;
  /** The latest answer gave no value: {day}, {why}. */
  readonly latestMissing: string;
  readonly matters: string;
  /** Between the thresholds that sources name. */
  readonly mayMatter: string;
  readonly tooSmall: string;
  readonly better: string;
  readonly worse: string;
  readonly higherIsBetter: string;
  readonly higherIsWorse: string;
  /** Within {amount}. */
  readonly smallest: string;
  /** The same where there is less room. */
  readonly smallestShort: string;
  readonly missing: string;
  readonly day: string;
  readonly value: string;
  readonly meaning: string;
  readonly change: string;
  readonly what: string;
  readonly count: string;
  readonly now: string;
  readonly before: string;
  readonly kind: string;
  /** Body map: {count} places, {places}. */
  readonly places: string;
  readonly onePlace: string;
  readonly noPain: string;
  readonly notAnswered: string;
  readonly front: string;
  readonly back: string;
  readonly left: string;
  readonly right: string;
  readonly place: string;
  readonly painful: string;
  readonly timeline: string;
  /** {courses}, {events} */
  readonly timelineSentence: string;
  readonly course: string;
  readonly from: string;
  readonly until: string;
  readonly ongoing: string;
  readonly event: Readonly<Record<'form' | 'answer' | 'order' | 'consent', string>>;
  /** Bars: the longest is {label} with {count} of {all}. */
  readonly bars: string;
  /** The same where several are the longest: {label} names all of them. */
  readonly barsTied: string;
  readonly nothing: string;
  /** Bars: of {scale}. */
  readonly of: string;
  /** The self-rating profile. */
  readonly profile: {
    readonly title: string;
    readonly lead: string;
    /** {date} */
    readonly born: string;
    readonly made: string;
    readonly latest: string;
    /** {what} */
    readonly unanswered: string;
    readonly nothing: string;
    /** Title of the bars. */
    readonly levels: string;
  };
}
