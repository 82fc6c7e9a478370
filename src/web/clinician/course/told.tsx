import { CloseButton } from '@mantine/core';
import { type ReactElement, useEffect, useState } from 'react';
import { listenToTelling } from './telling.ts';
import { useCourseWords } from './words.ts';

/** What was done last, until something else is or it is put away. */
export function Told(): ReactElement {
  const words = useCourseWords();
  const [text, setText] = useState('');
  useEffect(() => listenToTelling(setText), []);
  return (
    <div role="status" className={text === '' ? 'course-told' : 'course-told has-text'}>
      {text !== '' && (
        <>
          <span aria-hidden="true">✓</span> {text}
          <CloseButton size="sm" aria-label={words.act.close} onClick={() => setText('')} />
        </>
      )}
    </div>
  );
}
