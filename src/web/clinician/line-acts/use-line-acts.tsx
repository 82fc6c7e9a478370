import { useMedplum } from '@medplum/react';
import { lazy, type ReactElement, Suspense, useCallback, useRef, useState } from 'react';
import { readRegistries } from '../registries.ts';
import { useWho } from '../session/who-context.ts';
import { useLoaded } from '../use-loaded.ts';
import { type Line, type LineAct, type ListKind, lineActs, lineRightsOf } from './line-acts.ts';
import type { LineMenuProps } from './line-menu.tsx';
import type { AskedOfLine } from './line-questions.tsx';

const LineQuestions = lazy(() => import('./line-questions.tsx'));

export interface LineActs extends Pick<LineMenuProps, 'actsOf' | 'onAct'> {
  /** Where the dialogs are, and what was done is told: above the list. */
  readonly questions: ReactElement | undefined;
}

/** What the lines of a list offer, and the dialogs of what is asked for. @param onDone something was done: the list is old */
export function useLineActs(list: ListKind, onDone: () => void): LineActs {
  const medplum = useMedplum();
  const who = useWho();
  const { value: registries = [] } = useLoaded(() => readRegistries(medplum), [medplum]);
  // lines are drawn again only when they change: what they are given stays the same
  const offer = useRef<LineActs['actsOf']>(() => []);
  offer.current = (line) => lineActs(line, list, lineRightsOf(who), registries);
  const actsOf = useCallback((line: Line) => offer.current(line), []);
  const [asked, setAsked] = useState<AskedOfLine>();
  const [wasAsked, setWasAsked] = useState(false);
  const onAct = useCallback(({ course }: Line, act: LineAct) => {
    setAsked({ course, act });
    setWasAsked(true);
  }, []);
  const questions = wasAsked ? (
    <Suspense fallback={null}>
      <LineQuestions asked={asked} onDone={onDone} onClose={() => setAsked(undefined)} />
    </Suspense>
  ) : undefined;
  return { actsOf, onAct, questions };
}
