import { createContext, useContext } from 'react';
import type { Who } from './who.ts';

export const WhoContext = createContext<Who | undefined>(undefined);

/** Who has signed in. Only inside the frame, which nobody else sees. */
export function useWho(): Who {
  const who = useContext(WhoContext);
  if (who === undefined) throw new Error('useWho is for pages inside the frame');
  return who;
}
