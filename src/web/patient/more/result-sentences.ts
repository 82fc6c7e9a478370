import type { Writing } from '../../../charts/said.ts';
import type { OwnResult } from '../contract.ts';
import { bandOf } from './result-series.ts';
import type { MoreWords } from './words.ts';

/**
 * A result in plain sentences: what it was last and what that means, which way is better, and what became of it since the
 * time before. Whether somebody is ill is not for a number to say.
 */
export function resultSentences(
  { points, range, bands, higherIs, change }: OwnResult,
  words: MoreWords['results'],
  { number, day }: Pick<Writing, 'number' | 'day'>,
): readonly string[] {
  const latest = points.at(-1);
  if (latest === undefined) return [words.nothing];
  const before = points.at(-2);
  const band = bandOf(bands, latest.value);
  const by = before === undefined ? 0 : latest.value - before.value;
  const since = before === undefined ? undefined : day(before.at);
  const difference = number(Math.abs(by));
  const compared =
    since === undefined
      ? []
      : by === 0
        ? [words.same(since)]
        : [
            by > 0 ? words.higher(difference, since) : words.lower(difference, since),
            ...(change === undefined ? [] : [Math.abs(by) < change ? words.smallChange : words.realChange]),
          ];
  return [
    [
      words.latest(number(latest.value), number(range.max), day(latest.at)),
      ...(band === undefined ? [] : [`${words.meaning}: ${band.charAt(0).toLowerCase()}${band.slice(1)}.`]),
    ].join(' '),
    ...(higherIs === undefined ? [] : [words[higherIs]]),
    ...(compared.length === 0 ? [] : [compared.join(' ')]),
  ];
}
