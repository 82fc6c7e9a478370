import { Button } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import type { ReactElement } from 'react';
import { useWho } from '../session/who-context.ts';
import { useWords } from '../words/words-context.ts';

/** To the server's own page about one's sign-in: other roles, password, sign out. */
export function AccountLink(): ReactElement {
  const words = useWords();
  const { name } = useWho();
  return (
    <a href="/account" className="account" title={words.frame.account}>
      <span className="account-name">{name}</span>
      <span className="account-what">{words.frame.account}</span>
    </a>
  );
}

/** Ends the sign-in at another server. */
export function SignOutButton({ onSignedOut }: { readonly onSignedOut: () => void }): ReactElement {
  const words = useWords();
  const medplum = useMedplum();
  const { name } = useWho();
  return (
    <Button size="xs" variant="default" title={name} onClick={() => medplum.signOut().finally(onSignedOut)}>
      {words.frame.signOut}
    </Button>
  );
}
