import { Alert, Button, Textarea } from '@mantine/core';
import type { Questionnaire } from '@medplum/fhirtypes';
import { type ReactElement, type ReactNode, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { FormFault } from '../../form/contract.ts';
import { checkWhole, WholeForm } from '../../form/views/whole-form.tsx';
import { Trouble } from '../problem/trouble.tsx';
import { PenSign } from '../signs.tsx';
import type { CourseView } from './course.ts';
import type { SavedStatus } from './keeping.ts';
import { KeptText } from './kept-text.tsx';
import type { FormToOpen } from './open-form.ts';
import { refusalFaults } from './refusals.ts';
import { refusedIn } from './refused.ts';
import { tell } from './telling.ts';
import { turnOf } from './turn-of.ts';
import { useGuard } from './use-guard.ts';
import { type KeptForm, useOpened } from './use-opened.ts';
import { useSaveKey } from './use-save-key.ts';
import { useCourseWords } from './words.ts';

interface FormPanelProps {
  readonly view: CourseView;
  readonly title: string;
  readonly form: FormToOpen;
  /** `fill`: saved as it is filled in; `correct`: a locked form, saved when asked; `read`: nothing is changed. */
  readonly mode: 'fill' | 'correct' | 'read';
  /** Whether it can be locked: forms about the patient are not. */
  readonly lockable: boolean;
  /** Beside the heading: how it stands, and what may be done with it. */
  readonly beside: ReactNode;
  /** Above the questions. */
  readonly notice?: ReactNode;
  /** The other ways on from here: saved first. */
  readonly onPrevious?: (() => void) | undefined;
  readonly onNext?: (() => void) | undefined;
  readonly onStored: () => void;
  /** It was locked, or the correction saved. */
  readonly onDone: () => void;
}

/** One form of the course with all that staff do to it. */
export function FormPanel(props: FormPanelProps): ReactElement {
  const { view, title, form, mode, beside, notice, onStored } = props;
  const words = useCourseWords();
  const reason = useRef('');
  const turn = turnOf(form, mode, view.data);
  const { form: opened, problem } = useOpened({
    ...form,
    view,
    turn,
    automatic: mode === 'fill',
    reason: () => reason.current,
    onStored,
  });
  const heading = useRef<HTMLHeadingElement>(null);
  const isOpen = opened !== undefined;
  useEffect(() => {
    if (isOpen) heading.current?.focus();
  }, [isOpen]);
  return (
    <section aria-labelledby="form-title">
      <div className="course-form-head">
        <h2 id="form-title" ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <div className="course-acts">{beside}</div>
      </div>
      {notice}
      {mode === 'correct' && (
        <>
          <Alert color="yellow" mb="sm" icon={<PenSign />}>
            {words.form.correcting}
          </Alert>
          <Textarea
            className="course-form-body"
            mb="sm"
            autosize
            label={words.form.correctionReason}
            onChange={(event) => {
              reason.current = event.currentTarget.value;
            }}
          />
        </>
      )}
      {problem !== undefined && <Trouble problem={problem} />}
      {opened === undefined && problem === undefined && <p role="status">{words.form.loading}</p>}
      {opened !== undefined && <OpenForm {...props} opened={opened} />}
    </section>
  );
}

function OpenForm({
  form,
  title,
  mode,
  lockable,
  opened,
  onPrevious,
  onNext,
  onDone,
}: FormPanelProps & { readonly opened: KeptForm }): ReactElement {
  const { session, keeper, words: formWords } = opened;
  const words = useCourseWords();
  const keeping = useSyncExternalStore(keeper.subscribe, keeper.current);
  const [faults, setFaults] = useState<readonly FormFault[]>([]);
  const isWritten = mode !== 'read' && keeping.state !== 'locked';

  const finish = async (status: SavedStatus): Promise<void> => {
    const found = checkWhole(session);
    setFaults(found);
    if (found.length > 0) return;
    if (await keeper.save(status)) {
      tell(status === 'amended' ? words.form.corrected(title) : words.form.locked(title));
      onDone();
    }
  };
  // a form that is never locked is looked over as it is saved: what is unusual is told once, and holds nobody who goes on
  const toldOf = useRef<ReadonlySet<string>>(new Set());
  const lookedOver = (): boolean => {
    const found = lockable ? [] : checkWhole(session);
    const before = toldOf.current;
    toldOf.current = new Set(found.map(({ key, text }) => `${key} ${text}`));
    const isNew = [...toldOf.current].some((one) => !before.has(one));
    // the focus goes to a list that is another, and stays with one that was told already
    if (isNew || toldOf.current.size < before.size || lockable) setFaults(found);
    return !isNew;
  };
  const saved = async (): Promise<void> => {
    await keeper.save('in-progress');
    lookedOver();
  };
  const goingOn = async (): Promise<void> => {
    if (mode === 'fill' && !lookedOver()) await keeper.flush();
    else await leaving(onNext);
  };
  const leaving = async (way: (() => void) | undefined): Promise<void> => {
    if (mode === 'read' || (await keeper.flush()) || window.confirm(words.form.leave)) way?.();
  };
  useSaveKey(isWritten ? () => void (mode === 'correct' ? finish('amended') : saved()) : undefined);
  useGuard(isWritten ? keeper : undefined, mode === 'fill');
  const { id, meta } = form.response ?? {};
  useEffect(() => {
    if (mode !== 'read' && id !== undefined) void keeper.heard(id, meta?.versionId);
  }, [keeper, mode, id, meta?.versionId]);

  const refused = useMemo(
    () => refusalFaults(keeping.refusals, session.current(), words.form.whole),
    [keeping.refusals, session, words],
  );
  useEffect(() => session.refused(refused), [session, refused]);
  const told = refused.length > 0 ? refused : faults;
  const whole = keeping.refusals.filter(({ linkId }) => linkId === undefined);
  return (
    <>
      {keeping.merged !== undefined && (
        <Alert
          className="course-alert"
          color="yellow"
          mb="sm"
          role="status"
          title={words.form.merged}
          withCloseButton
          closeButtonLabel={words.act.close}
          onClose={() => keeper.dismissMerge()}
        >
          {keeping.merged.taken.length > 0 && (
            <p>{words.form.mergedTaken(names(keeping.merged.taken, session.form.source))}</p>
          )}
          {keeping.merged.contested.length > 0 && (
            <p>{words.form.mergedContested(names(keeping.merged.contested, session.form.source))}</p>
          )}
        </Alert>
      )}
      {whole.length > 0 && (
        <Alert className="course-alert" color="red" mb="sm" role="alert" title={words.form.notTaken}>
          {whole.map(({ text }) => (
            <p key={text}>{refusedIn(text, words.refused)}</p>
          ))}
        </Alert>
      )}
      {keeping.state === 'locked' && (
        <Alert className="course-alert" color="red" mb="sm" role="alert" title={words.form.lockedNotice}>
          {words.form.lockedMeanwhile}
        </Alert>
      )}
      <div className="course-form-body">
        <WholeForm session={session} words={formWords} density="staff" readOnly={!isWritten} faults={told} level={3} />
      </div>
      <div className="course-bar">
        {isWritten && <KeptText keeping={keeping} automatic={mode === 'fill'} />}
        {onPrevious !== undefined && (
          <Button variant="default" onClick={() => void leaving(onPrevious)}>
            {words.form.previous}
          </Button>
        )}
        {isWritten && mode === 'fill' && (
          <Button variant="default" aria-keyshortcuts="Control+S" title={words.form.keys} onClick={() => void saved()}>
            {words.form.save}
          </Button>
        )}
        {onNext !== undefined && (
          <Button variant={isWritten ? 'default' : 'filled'} onClick={() => void goingOn()}>
            {words.form.next}
          </Button>
        )}
        {isWritten && mode === 'fill' && lockable && (
          <Button onClick={() => void finish('completed')}>{words.form.lock}</Button>
        )}
        {isWritten && mode === 'correct' && (
          <Button aria-keyshortcuts="Control+S" title={words.form.keys} onClick={() => void finish('amended')}>
            {words.form.saveCorrection}
          </Button>
        )}
      </div>
    </>
  );
}

function names(linkIds: readonly string[], { item = [] }: Questionnaire): string {
  const texts = new Map<string, string>();
  const walk = (items: Questionnaire['item'] = []): void => {
    for (const one of items) {
      if (one.linkId !== undefined) texts.set(one.linkId, one.text ?? one.linkId);
      walk(one.item);
    }
  };
  walk(item);
  return linkIds.map((linkId) => `«${texts.get(linkId) ?? linkId}»`).join(', ');
}
