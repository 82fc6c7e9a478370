/** `count` of the elements, by a fixed seed: the same ones in every run. All of them where there are not more. */
export function drawn<T>(count: number, from: readonly T[]): readonly T[] {
  if (from.length <= count) {
    return from;
  }
  const random = randomOf(from.length);
  const left = [...from];
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)[0] as T);
}

/** A small generator of numbers in [0, 1) (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
