import type { ReactElement } from 'react';
import { partsOfNumber } from './national-number.ts';

/** A national number: whole on the screen, in printed lists (worklist.css) as far as the day of birth. */
export function NumberText({ number }: { readonly number: string }): ReactElement {
  const [birth, rest] = partsOfNumber(number);
  return (
    <span className="national-number">
      {birth}
      <span className="number-rest">{rest}</span>
    </span>
  );
}
