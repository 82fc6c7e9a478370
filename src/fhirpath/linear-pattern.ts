import { RE2JS } from 're2js';

/** A regular expression that somebody outside wrote. */
export interface LinearPattern {
  /** Whether some part of a text has the form. */
  finds(text: string): boolean;
  /** Whether a whole text has it. */
  matches(text: string): boolean;
  replaceAll(text: string, by: string): string;
}

/**
 * A regular expression that runs in linear time, whoever wrote it; a dot stands for line ends too.
 *
 * @throws if it is none, or has look-around or back references, which take more
 */
export function linearPattern(source: string): LinearPattern {
  const compiled = RE2JS.compile(source, RE2JS.DOTALL);
  return {
    finds: (text) => compiled.matcher(text).find(),
    matches: (text) => compiled.matches(text),
    replaceAll: (text, by) => compiled.matcher(text).replaceAll(by),
  };
}

/** Whether a browser needs this very file for a pattern: here it is at hand, see native-pattern.ts. */
export function needsLibrary(_source: string): boolean {
  return false;
}

/** Resolves when every pattern can be read. */
export function loadPatterns(): Promise<void> {
  return Promise.resolve();
}
