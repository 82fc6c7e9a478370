import { useMedplum } from '@medplum/react';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { type Writing, writing } from '../../../charts/said.ts';
import { useLive } from '../changes/use-live.ts';
import { type Loaded, useLoaded } from '../use-loaded.ts';
import { useLanguage } from '../words/words-context.ts';
import { fetchRecord, type PatientRecord } from './fetch-record.ts';
import { titleOf } from './record-view.ts';
import { loadPatientWords, type PatientWords } from './words.ts';

export interface ShownRecord {
  readonly loaded: Loaded<PatientRecord>;
  /** Undefined until they have come. */
  readonly words: PatientWords | undefined;
  readonly how: Writing;
  readonly live: 'live' | 'polling';
  /** Which form was answered while the page was open; undefined before any was. */
  readonly arrived: string | undefined;
}

/** Several scores come with one answer: they are asked for once. */
const TOGETHER_MS = 250;

/**
 * A patient's record, asked for again as soon as an answer or a score is stored. For one patient: who shows another one
 * begins anew, so that nothing of the first is left on the page.
 */
export function useRecord(id: string): ShownRecord {
  const medplum = useMedplum();
  const language = useLanguage();
  const how = useMemo(() => writing(language, Intl.DateTimeFormat().resolvedOptions().timeZone), [language]);
  const words = useLoaded(() => loadPatientWords(language), [language]);
  const loaded = useLoaded(() => fetchRecord(medplum, id), [medplum, id]);
  const [arrived, setArrived] = useState<string>();
  const timer: RefObject<ReturnType<typeof setTimeout> | undefined> = useRef(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const soon = (): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(loaded.reload, TOGETHER_MS);
  };
  const scores = useLive(`Observation?patient=Patient/${id}`, soon);
  const answers = useLive(`QuestionnaireResponse?patient=Patient/${id}`, (changed) => {
    if (changed?.resourceType === 'QuestionnaireResponse' && changed.status === 'completed') {
      setArrived(titleOf(loaded.value?.forms ?? new Map(), changed, how.language));
    }
    soon();
  });
  return {
    loaded: { ...loaded, problem: loaded.problem ?? words.problem },
    words: words.value,
    how,
    live: scores === 'live' && answers === 'live' ? 'live' : 'polling',
    arrived,
  };
}
