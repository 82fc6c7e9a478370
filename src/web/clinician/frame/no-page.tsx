import { Anchor, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { useWords } from '../words/words-context.ts';
import { Page } from './page.tsx';

/** An address that leads to no page. */
export function NotFound(): ReactElement {
  const words = useWords();
  return (
    <Page title={words.problem.notFoundTitle}>
      <Text>{words.problem.notFound}</Text>
      <Anchor component={Link} to="/">
        {words.problem.toWorklist}
      </Anchor>
    </Page>
  );
}

/** A page that the role has no access to: told so, rather than shown empty. */
export function NotForRole(): ReactElement {
  const words = useWords();
  return (
    <Page title={words.problem.notForRoleTitle}>
      <Text>{words.problem.notForRole}</Text>
    </Page>
  );
}

/** A page that another server than Svar has nothing for. */
export function NotAtServer(): ReactElement {
  const words = useWords();
  return (
    <Page title={words.problem.notAtServerTitle}>
      <Text>{words.problem.notAtServer}</Text>
    </Page>
  );
}

/** A patient who came to the staff's app. */
export function NotForPatients(): ReactElement {
  const words = useWords();
  return (
    <main className="sign-in">
      <Page title={words.problem.patientTitle}>
        <Text>{words.problem.patient}</Text>
        <Anchor href="/patient/">/patient/</Anchor>
      </Page>
    </main>
  );
}
