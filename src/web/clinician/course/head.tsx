import type { Patient } from '@medplum/fhirtypes';
import type { ReactElement, ReactNode } from 'react';
import { ageOf, dayHere } from '../age.ts';
import { dayText } from '../day-text.ts';
import { nationalNumberOf } from '../national-number.ts';
import { NumberText } from '../number-text.tsx';
import { TickSign } from '../signs.tsx';
import { LOCALES } from '../words/language.ts';
import { useLanguage } from '../words/words-context.ts';
import type { CourseFacts, CourseView } from './course.ts';
import { type CourseWords, useCourseWords } from './words.ts';

/** Who it is: age, day of birth, number. */
export function PatientLine({ patient }: { readonly patient: Patient }): ReactElement {
  const words = useCourseWords();
  const locale = LOCALES[useLanguage()];
  const age = ageOf(patient, dayHere(new Date()));
  const number = nationalNumberOf(patient);
  return (
    <>
      {age !== undefined && `${words.head.age(age)} · `}
      {patient.birthDate !== undefined && `${words.head.born} ${dayText(patient.birthDate, locale)} · `}
      {number !== undefined && (
        <>
          {words.head.number} <NumberText number={number} />
        </>
      )}
      {(patient.deceasedBoolean === true || patient.deceasedDateTime !== undefined) && (
        <strong> · {words.head.dead}</strong>
      )}
    </>
  );
}

/** How the course stands: what follows from its forms, by the server's own reckoning. */
export function CourseFactsList({
  view,
  facts,
}: {
  readonly view: CourseView;
  readonly facts: CourseFacts;
}): ReactElement {
  const words = useCourseWords();
  const locale = LOCALES[useLanguage()];
  const place = [facts.location, facts.ward].flatMap((reference) =>
    reference === undefined ? [] : [view.data.names.get(reference) ?? reference],
  );
  return (
    <dl className="course-facts">
      <Fact term={words.head.courseId}>{view.data.episode.id}</Fact>
      <Fact term={words.head.start}>{dayText(facts.start, locale) ?? '–'}</Fact>
      <Fact term={words.head.type}>{facts.typeTitle ?? facts.type?.display ?? words.head.typeUnknown}</Fact>
      <Fact term={words.head.consent}>
        {consentText(facts, words)}
        {facts.consentKind !== undefined && <span className="also"> ({reasonText(facts.consentKind, words)})</span>}
      </Fact>
      <Fact term={words.head.membership}>
        {membershipText(facts, words)}
        {facts.membershipReason !== undefined && (
          <span className="also">: {reasonText(facts.membershipReason, words)}</span>
        )}
        {facts.delivered && (
          <span className="also">
            {' · '}
            <TickSign /> {words.head.delivered}
          </span>
        )}
      </Fact>
      <Fact term={words.head.place}>{place.length === 0 ? words.head.noPlace : place.join(', ')}</Fact>
    </dl>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function consentText({ consent }: CourseFacts, words: CourseWords): string {
  return words.consent[consent?.code ?? 'none'] ?? consent?.code ?? '';
}

function membershipText({ membership }: CourseFacts, words: CourseWords): string {
  if (membership?.code === undefined) return words.head.notRegistered;
  return words.membership[membership.code] ?? membership.display ?? membership.code;
}

/** A code in our words where we have some, else in the registry's. */
function reasonText({ code = '', display }: { code?: string; display?: string }, words: CourseWords): string {
  return words.reason[code] ?? (display === undefined ? code : display.charAt(0).toLowerCase() + display.slice(1));
}
