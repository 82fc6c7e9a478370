import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { useMedplum } from '@medplum/react';
import { useEffect, useRef, useState } from 'react';
import { formWords } from '../../form/words.ts';
import { useLanguage } from '../words/words-context.ts';
import type { CourseView } from './course.ts';
import { explained } from './explained.ts';
import { readNow, storeNew, storeNext } from './fhir-gateway.ts';
import { FormKeeper } from './keeping.ts';
import { type FormToOpen, type OpenedForm, openCourseForm, unlessBegun } from './open-form.ts';

/** An open form with what keeps it. */
export interface KeptForm extends OpenedForm {
  readonly keeper: FormKeeper;
}

export interface Opening {
  readonly form: KeptForm | undefined;
  readonly problem: unknown;
}

interface OpenParts extends FormToOpen {
  readonly view: CourseView;
  /** Another value: the form is read again. */
  readonly turn: string;
  /** Saved some seconds after the last change; else only when asked. */
  readonly automatic: boolean;
  /** Why what is locked is corrected, in the words of whoever does it. */
  readonly reason: () => string;
  readonly onStored: () => void;
}

/** Opens a form and keeps it; what was not saved is saved when it is left. */
export function useOpened({ view, turn, automatic, reason, onStored, ...wanted }: OpenParts): Opening {
  const medplum = useMedplum();
  const language = useLanguage();
  const [opening, setOpening] = useState<Opening>({ form: undefined, problem: undefined });
  const parts = useRef({ view, wanted, reason, onStored });
  parts.current = { view, wanted, reason, onStored };
  const { questionnaire } = wanted;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is stored of the form changes with each save, and is read then
  useEffect(() => {
    let keeper: FormKeeper | undefined;
    let left = false;
    setOpening({ form: undefined, problem: undefined });
    const begin = async (): Promise<void> => {
      const opened = await openCourseForm(medplum, parts.current.view.data, parts.current.wanted, language);
      if (left) return;
      keeper = new FormKeeper({
        session: opened.session,
        stored: opened.stored,
        store: (response) =>
          response.id === undefined
            ? storeNew(medplum, response, unlessBegun(response))
            : storeNext(medplum, explained(response, parts.current.reason())),
        read: (id) => readNow<QuestionnaireResponse>(medplum, 'QuestionnaireResponse', id),
        now: () => new Date(),
        onStored: () => parts.current.onStored(),
        automatic,
      });
      setOpening({ form: { ...opened, keeper }, problem: undefined });
    };
    begin().catch((problem) => !left && setOpening({ form: undefined, problem }));
    return () => {
      left = true;
      const last = keeper;
      last?.flush().finally(() => last.end());
    };
  }, [medplum, questionnaire, turn, automatic]);
  const { form } = opening;
  // the language is changed without losing a letter of what is being written
  const { session } = form ?? {};
  useEffect(() => {
    if (session === undefined || session.current().language === language) return;
    session.setLanguage(language);
    void formWords(language).then((words) =>
      setOpening((before) =>
        before.form?.session === session ? { ...before, form: { ...before.form, words } } : before,
      ),
    );
  }, [session, language]);
  return opening;
}
