import type { JsonReader } from './json-reader.ts';
import { present, readWording } from './read-wording.ts';
import type { ChangeRule, Threshold } from './rule.ts';

/** Reads the part `change` of a rule. */
export function readChange(change: JsonReader): ChangeRule {
  change.only('thresholds', 'responder', 'error');
  return {
    thresholds: change.at('thresholds').maybe((list) => list.list(readThreshold), []),
    ...present(
      'responder',
      change.at('responder').maybe((code) => code.text(), undefined),
    ),
    ...present('error', change.at('error').maybe(readError, undefined)),
  };
}

function readThreshold(threshold: JsonReader): Threshold {
  threshold.only('code', 'display', 'kind', 'amount', 'source');
  const amount = threshold.at('amount').number();
  if (amount <= 0) threshold.at('amount').fault('must be above 0.');
  return {
    code: threshold.at('code').text(),
    display: readWording(threshold.at('display')),
    kind: threshold.at('kind').oneOf('absolute', 'percent'),
    amount,
    ...present(
      'source',
      threshold.at('source').maybe((name) => name.text(), undefined),
    ),
  };
}

function readError(error: JsonReader): NonNullable<ChangeRule['error']> {
  if (error.at('fromTable').isThere) {
    error.only('fromTable');
    if (!error.at('fromTable').boolean()) error.at('fromTable').fault('must be true, or left out.');
    return { fromTable: true };
  }
  error.only('sem', 'source');
  const sem = error.at('sem').number();
  if (sem <= 0) error.at('sem').fault('must be above 0.');
  return {
    sem,
    ...present(
      'source',
      error.at('source').maybe((name) => name.text(), undefined),
    ),
  };
}
