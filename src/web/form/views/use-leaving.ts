import { useEffect, useMemo } from 'react';
import type { FormSession, ItemKey } from '../contract.ts';

/**
 * Tells the session that a question was left. While a button of the mouse or a finger is down it waits: faults that came then
 * would move what is about to be clicked.
 */
export function useLeaving(session: FormSession): (key: ItemKey) => void {
  const pointer = useMemo(() => ({ isDown: false, left: new Set<ItemKey>() }), []);
  useEffect(() => {
    const down = () => {
      pointer.isDown = true;
    };
    const up = () => {
      // after the click that this may be the end of
      setTimeout(() => {
        pointer.isDown = false;
        for (const key of pointer.left) session.leave(key);
        pointer.left.clear();
      });
    };
    document.addEventListener('pointerdown', down, true);
    document.addEventListener('pointerup', up, true);
    document.addEventListener('pointercancel', up, true);
    return () => {
      document.removeEventListener('pointerdown', down, true);
      document.removeEventListener('pointerup', up, true);
      document.removeEventListener('pointercancel', up, true);
    };
  }, [session, pointer]);
  return useMemo(() => (key) => (pointer.isDown ? pointer.left.add(key) : session.leave(key)), [session, pointer]);
}
