import { Button } from '@mantine/core';
import type { Patient } from '@medplum/fhirtypes';
import { type ReactElement, type ReactNode, useState } from 'react';
import { ageOf, dayHere } from '../age.ts';
import { dayText } from '../day-text.ts';
import { LOCALES } from '../words/language.ts';
import { useLanguage } from '../words/words-context.ts';
import type { CourseFacts, CourseView } from './course.ts';
import { type CourseWords, useCourseWords } from './words.ts';

/** A national number with all but its first six digits hidden. */
function masked(number: string): string {
  return number.slice(0, 6).padEnd(number.length, '•');
}

/** The number that people know the patient by; those of other hospitals' systems are not it. */
function numberOf({ identifier = [] }: Patient): string | undefined {
  return (
    identifier.find(({ system, use }) => system?.startsWith('urn:oid:2.16.578.1.12.4.1.4.') && use !== 'old') ??
    identifier[0]
  )?.value;
}

/** Who it is: age, and the number once somebody asks for it, as others may see the screen. */
export function PatientLine({ patient }: { readonly patient: Patient }): ReactElement {
  const words = useCourseWords();
  const locale = LOCALES[useLanguage()];
  const [shown, setShown] = useState(false);
  const age = ageOf(patient, dayHere(new Date()));
  const number = numberOf(patient);
  return (
    <>
      {age !== undefined && `${words.head.age(age)} · `}
      {patient.birthDate !== undefined && `${words.head.born} ${dayText(patient.birthDate, locale)} · `}
      {number !== undefined && (
        <>
          {words.head.number} {shown ? number : masked(number)}{' '}
          <Button size="compact-xs" variant="default" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? words.head.hide : words.head.show}
          </Button>
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
        {facts.delivered && <span className="also"> · ✓ {words.head.delivered}</span>}
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
