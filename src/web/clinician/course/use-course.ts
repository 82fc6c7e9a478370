import { useMedplum } from '@medplum/react';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useLive } from '../changes/use-live.ts';
import { type Loaded, useLoaded } from '../use-loaded.ts';
import { useLanguage } from '../words/words-context.ts';
import { type CourseView, readCourse } from './course.ts';
import { fetchCourse } from './fetch-course.ts';

/** Several changes of one commit are read together. */
const TOGETHER_MS = 120;

/** A course as it is stored, read again whenever something of it is: by this page, by a colleague, by the patient. */
export function useCourse(id: string): Loaded<CourseView> {
  const medplum = useMedplum();
  const language = useLanguage();
  const loaded = useLoaded(() => fetchCourse(medplum, id), [medplum, id]);
  const { reload, value: data } = loaded;
  const value = useMemo(() => (data === undefined ? undefined : readCourse(data, language)), [data, language]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const soon = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(reload, TOGETHER_MS);
  }, [reload]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive(`Task?focus=EpisodeOfCare/${id}`, soon);
  const referral = data?.referral;
  useLive(referral === undefined ? undefined : `QuestionnaireResponse?based-on=${referral}`, soon);
  return { ...loaded, value, reload: soon };
}
