import { CloseButton } from '@mantine/core';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import { TickSign } from '../signs.tsx';
import { listenToTelling } from './telling.ts';
import { useCourseWords } from './words.ts';

/** What was done last, until something else is or it is put away. */
export function Told(): ReactElement {
  const words = useCourseWords();
  const [text, setText] = useState('');
  const region = useRef<HTMLDivElement>(null);
  useEffect(() => listenToTelling(setText), []);
  // what was done took the button away that had the focus: it goes on from here, not from the top of the window
  useEffect(() => {
    if (text !== '' && document.activeElement === document.body) region.current?.focus({ preventScroll: true });
  });
  return (
    <div role="status" ref={region} tabIndex={-1} className={text === '' ? 'course-told' : 'course-told has-text'}>
      {text !== '' && (
        <>
          <TickSign /> {text}
          <CloseButton size="sm" aria-label={words.act.close} onClick={() => setText('')} />
        </>
      )}
    </div>
  );
}
