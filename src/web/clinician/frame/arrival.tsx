import { type ReactElement, useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { TickSign } from '../signs.tsx';

/** What was done on the page that led here (`navigate(to, { state: { told } })`); told once, not again by a reload. */
export function Arrival(): ReactElement {
  const { state, pathname, search } = useLocation();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  useEffect(() => {
    const told = toldBy(state);
    if (told === '') return;
    // set after the region is there: else screen readers say nothing
    setText(told);
    void navigate(pathname + search, { replace: true });
  }, [state, pathname, search, navigate]);
  return (
    <div role="status" className={text === '' ? 'arrival' : 'arrival has-text'}>
      {text !== '' && (
        <>
          <TickSign /> {text}
        </>
      )}
    </div>
  );
}

function toldBy(state: unknown): string {
  const told = typeof state === 'object' && state !== null && 'told' in state ? state.told : undefined;
  return typeof told === 'string' ? told : '';
}
