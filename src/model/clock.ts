/** The time, as an input. Test clocks stand still until moved. */
export interface Clock {
  now(): Date;
}

/** The machine's clock. */
export const realClock: Clock = { now: () => new Date() };
