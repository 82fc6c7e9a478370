import { lazy, type ReactElement, Suspense, useState } from 'react';
import { MoreSign } from '../signs.tsx';
import { useListWords } from '../worklist/words.ts';
import type { Line, LineAct } from './line-acts.ts';

const OpenedMenu = lazy(() => import('./opened-menu.tsx'));

export interface LineMenuProps {
  readonly line: Line;
  /** What the line offers, asked for when the menu is opened. */
  readonly actsOf: (line: Line) => readonly (readonly LineAct[])[];
  readonly onAct: (line: Line, act: LineAct) => void;
}

/** What may be done from a line. Until it is opened it is a button and nothing else: lists have hundreds of lines. */
export function LineMenu(props: LineMenuProps): ReactElement {
  const words = useListWords();
  const [wasOpened, setOpened] = useState(false);
  const name = words.acts.of(props.line.patient.name || props.line.course);
  const button = (
    <button
      type="button"
      className="line-more"
      aria-haspopup="menu"
      aria-expanded={false}
      aria-label={name}
      onClick={() => setOpened(true)}
    >
      <MoreSign />
    </button>
  );
  return wasOpened ? (
    <Suspense fallback={button}>
      <OpenedMenu {...props} name={name} />
    </Suspense>
  ) : (
    button
  );
}
