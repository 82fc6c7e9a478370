import { useMedplum } from '@medplum/react';
import { useState } from 'react';
import { flushSync } from 'react-dom';
import type { Registration } from './registration.ts';

interface Printing {
  /** What is printed, and not shown, by Task. */
  readonly comments: ReadonlyMap<string, string> | undefined;
  readonly problem: unknown;
  readonly print: () => Promise<void>;
}

/** Prints a list of courses, with the comments that the registry prints. */
export function usePrinting(rows: readonly Registration[]): Printing {
  const medplum = useMedplum();
  const [comments, setComments] = useState<ReadonlyMap<string, string>>();
  const [problem, setProblem] = useState<unknown>();
  const print = async (): Promise<void> => {
    setProblem(undefined);
    try {
      const { readPrintedComments } = await import('./read-printed-comments.ts');
      const read = await readPrintedComments(medplum, rows);
      // the browser prints what stands there at once
      flushSync(() => setComments(read));
      // what is internal stays in the page no longer; the browser's own printing, later, has nothing old of it
      addEventListener('afterprint', () => setComments(undefined), { once: true });
      window.print();
    } catch (failed) {
      setProblem(failed);
    }
  };
  return { comments, problem, print };
}
