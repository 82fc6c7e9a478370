import { type ReactNode, useCallback, useEffect, useId, useMemo, useRef, useSyncExternalStore } from 'react';
import type { FormSession, FormView, ItemView, PageView } from '../contract.ts';
import type { FormWords } from '../words.ts';
import { type FormContext, FormProvider } from './form-context.ts';
import { useLeaving } from './use-leaving.ts';

/** How tightly a form is set: patients get large type and targets, staff a form that fits a screen. */
export type Density = 'patient' | 'staff';

interface FrameProps {
  readonly session: FormSession;
  readonly words: FormWords;
  readonly density: Density;
  readonly readOnly?: boolean | undefined;
  readonly table?: FormContext['table'];
  /** What is on screen now: where questions come to it while it stays, that is told. */
  readonly shown: readonly ItemView[];
  /** Changes when something else is shown, as another page: then nothing came. */
  readonly place: string;
  readonly children: ReactNode;
}

/** The form as it stands, rendered anew with each change; unchanged questions are the same objects. */
export function useFormView(session: FormSession): FormView {
  const subscribe = useCallback((listener: () => void) => session.subscribe(listener), [session]);
  const current = () => session.current();
  return useSyncExternalStore(subscribe, current, current);
}

/** What surrounds the questions: type and colours, the context, and the region by which changes are told. */
export function FormFrame({ session, words, density, readOnly = false, table, shown, place, children }: FrameProps) {
  const id = useId();
  const live = useRef<HTMLDivElement>(null);
  const leave = useLeaving(session);
  const context = useMemo<FormContext>(
    () => ({
      session,
      words,
      prefix: `${id}-`,
      readOnly,
      table,
      leave,
      announce: (text) => {
        if (live.current) live.current.textContent = text;
      },
    }),
    [session, words, id, readOnly, table, leave],
  );
  useTellingWhatAppears(context, shown, place);
  return (
    <FormProvider value={context}>
      <div className={`svar-form density-${density}`} lang={words.language}>
        {children}
        <div ref={live} className="unseen" role="status" />
      </div>
    </FormProvider>
  );
}

/** Says that questions or texts came because of an answer: the focus stays where it is, so nothing else tells of them. */
function useTellingWhatAppears({ announce, words }: FormContext, shown: readonly ItemView[], place: string): void {
  const before = useRef<{ readonly place: string; readonly keys: ReadonlySet<string> }>(undefined);
  useEffect(() => {
    const views = [...questionsIn(shown), ...textsIn(shown)];
    const last = before.current;
    before.current = { place, keys: new Set(views.map(({ key }) => key)) };
    if (last?.place !== place) return;
    const came = views.filter(({ key }) => !last.keys.has(key));
    const questions = came.filter(({ control }) => control !== 'display');
    const [first] = came;
    if (first !== undefined) announce(questions.length > 0 ? words.appeared(questions.length, first.text) : first.text);
  }, [announce, words, shown, place]);
}

/** Every question among items, those inside others too, in order. */
export function questionsIn(items: readonly ItemView[]): readonly ItemView[] {
  return items.flatMap((view) => {
    const inside = questionsIn(view.children);
    return view.item.type === 'group' || view.item.type === 'display' ? inside : [view, ...inside];
  });
}

/** Every text that stands by itself, and is not beside a question as its help or its ends. */
function textsIn(items: readonly ItemView[]): readonly ItemView[] {
  return items.flatMap((view) => (view.control === 'display' ? view : textsIn(view.children)));
}

/** Whether a page has a title of its own; the form's stands above the form. */
export function isTitled({ title }: PageView, form: FormView): boolean {
  return title !== '' && title !== form.title;
}
