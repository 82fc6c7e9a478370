import { Link } from '../frame.tsx';
import { Told } from '../told.tsx';
import type { Visit } from '../visit.ts';

/** The order cannot be answered, any more or by this person; who has signed in goes on to what can. */
export function Closed({ visit: { words, session } }: { readonly visit: Visit }) {
  return (
    <Told title={words.closedTitle} texts={[words.closed]}>
      {session.by === 'sign-in' && (
        <p>
          <Link to={{ at: 'home' }}>{words.home}</Link>
        </p>
      )}
    </Told>
  );
}
