import { Alert, Button, Group, Modal } from '@mantine/core';
import type { Resource } from '@medplum/fhirtypes';
import { type FormEvent, type ReactElement, type ReactNode, useContext, useEffect, useState } from 'react';
import { DialogSubject } from './dialog-subject.ts';
import { attempted, type Written } from './fhir-gateway.ts';
import { refusedIn } from './refused.ts';
import { tell } from './telling.ts';
import { useCourseWords } from './words.ts';

interface DialogProps {
  readonly title: string;
  readonly lead: string;
  readonly submit: string;
  readonly danger?: boolean;
  /** What keeps it from being sent, for the person; undefined: nothing. */
  readonly lacking?: () => string | undefined;
  readonly act: () => Promise<Written<Resource>>;
  /** What the server's words come to, if they ask for something; undefined: they are shown as they are. */
  readonly onRefused?: (texts: readonly string[]) => boolean;
  readonly done: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** A question to the person, with one thing that is done if they say yes, and the server's refusal if it says no. */
export function Dialog(props: DialogProps): ReactElement {
  const { title, lead, submit, danger = false, lacking, act, onRefused, done, onDone, onClose, children } = props;
  const words = useCourseWords();
  const [problems, setProblems] = useState<readonly string[]>([]);
  const [lack, setLack] = useState<string>();
  const [busy, setBusy] = useState(false);
  const subject = useContext(DialogSubject);
  useFocusBack();

  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const lacks = lacking?.();
    setLack(lacks);
    setProblems([]);
    if (lacks !== undefined) return;
    setBusy(true);
    const written = await attempted(act);
    setBusy(false);
    if (written.kind === 'stored') {
      tell(done);
      onDone();
      return onClose();
    }
    const texts =
      written.kind === 'unreachable'
        ? [words.unreachable]
        : written.issues.map(({ details, diagnostics, code }) => details?.text ?? diagnostics ?? code ?? '');
    if (onRefused?.(texts) !== true) setProblems(texts.map((text) => refusedIn(text, words.refused)));
  };
  return (
    // the page is kept from scrolling by course.css: Mantine's way writes a style element without the policy's nonce;
    // a title in the body: Mantine's own stands in a <header>, which would be a second banner of the page
    <Modal.Root opened onClose={onClose} size="lg" lockScroll={false}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <Modal.Title className="course-dialog-title">{title}</Modal.Title>
          {subject !== undefined && <p className="course-dialog-subject">{subject}</p>}
          <form onSubmit={(event) => void send(event)} noValidate>
            <p className="course-lead">{lead}</p>
            {children}
            {lack !== undefined && (
              <Alert color="red" mt="sm" role="alert">
                {lack}
              </Alert>
            )}
            {problems.length > 0 && (
              <Alert className="course-alert" color="red" mt="sm" role="alert" title={words.failed}>
                {problems.map((text) => (
                  <p key={text}>{text}</p>
                ))}
              </Alert>
            )}
            <Group justify="flex-end" mt="md">
              <Button variant="default" onClick={onClose}>
                {words.act.cancel}
              </Button>
              {/* not disabled while it is sent: the focus would fall out of the dialog */}
              <Button type="submit" aria-disabled={busy} data-busy={busy} {...(danger && { color: 'red' })}>
                {submit}
              </Button>
            </Group>
          </form>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Leads the focus back to what opened the dialog, where that is still there; Mantine does so only for one that stays mounted. */
function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement) setTimeout(() => opener.isConnected && opener.focus());
    },
    [opener],
  );
}
