import type { LinearPattern } from './linear-pattern.ts';

/**
 * Takes the place of linear-pattern.ts in a browser (package.json, imports): who writes a slow expression there waits for it
 * on a device of their own, and forms come from the server, which has refused what is not linear.
 *
 * @throws SyntaxError
 */
export function linearPattern(source: string): LinearPattern {
  const some = new RegExp(source, 's');
  const whole = new RegExp(`^(?:${source})$`, 's');
  const every = new RegExp(source, 'gs');
  return {
    finds: (text) => some.test(text),
    matches: (text) => whole.test(text),
    replaceAll: (text, by) => text.replace(every, by),
  };
}
