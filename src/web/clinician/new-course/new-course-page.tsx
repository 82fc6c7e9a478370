import { Button, Radio, Stack, Text, TextInput, Title } from '@mantine/core';
import { notFound, OperationOutcomeError } from '@medplum/core';
import type { Patient } from '@medplum/fhirtypes';
import { useMedplum } from '@medplum/react';
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { bornOf } from '../../../registry/born.ts';
import { dayHere } from '../age.ts';
import { DayField } from '../day-field.tsx';
import { dayText } from '../day-text.ts';
import { Page } from '../frame/page.tsx';
import { nameOf } from '../names.ts';
import { nationalNumberOf } from '../national-number.ts';
import { type FoundPatient, findPatient } from '../patient-search/find-patients.ts';
import { Trouble } from '../problem/trouble.tsx';
import { useWho } from '../session/who-context.ts';
import { LOCALES } from '../words/language.ts';
import { useLanguage, useWords } from '../words/words-context.ts';
import { useListWords } from '../worklist/words.ts';
import { findCandidates } from './candidates.ts';
import { courseBundle } from './course-bundle.ts';
import { EarlierCourses } from './earlier-courses.tsx';
import './new-course.css';
import { type NumberFault, type NumberType, readNumber } from './patient-number.ts';
import { PossiblePatients } from './possible-patients.tsx';
import { useFocusOn } from './use-focus-on.ts';
import { newCourseWords } from './words.ts';

/** What has to be mended before the page goes on; a new object each time it is told. */
type Fault =
  | { readonly of: 'number'; readonly what: NumberFault }
  | { readonly of: 'birthDate'; readonly what: 'missing' | 'future' }
  | { readonly of: 'family' };

const TYPES: readonly NumberType[] = ['norwegian', 'other'];
const UNNAMED = { family: '', given: '' };

/**
 * A number, who it is, earlier courses, and a new one (manual 1.8, "Ny registrering"); `?patient=<id>` names somebody who is
 * registered already.
 */
export default function NewCoursePage(): ReactElement {
  const named = useSearchParams()[0].get('patient');
  // nothing of one patient stays for another
  return <NewCourse key={named} named={named} />;
}

function NewCourse({ named }: { readonly named: string | null }): ReactElement {
  const words = useWords();
  const list = useListWords();
  const language = useLanguage();
  const own = newCourseWords[language];
  const medplum = useMedplum();
  const navigate = useNavigate();
  const { hospital } = useWho();
  const [type, setType] = useState<NumberType>('norwegian');
  const [number, setNumber] = useState('');
  const [birthDate, setBirthDate] = useState('');
  const [person, setPerson] = useState(UNNAMED);
  const [found, setFound] = useState<FoundPatient | 'nobody'>();
  const [possible, setPossible] = useState<readonly FoundPatient[]>([]);
  const [fault, setFault] = useState<Fault>();
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const page = useRef<HTMLDivElement>(null);
  /** Where the focus goes once somebody, or nobody, is found. */
  const answer = useRef<HTMLHeadingElement>(null);
  useFocusOn(page, fault);
  const [looks, setLooks] = useState(0);
  // the button that was pressed says nothing of what was found
  useEffect(() => {
    if (looks > 0) answer.current?.focus();
  }, [looks]);
  /** Counts who is sought: an answer about somebody before is no answer any more. */
  const turn = useRef(0);
  useEffect(() => {
    let isLatest = true;
    if (named === null) return;
    findPatient(medplum, named).then((hit) => {
      if (!isLatest || turn.current > 0) return;
      if (hit === undefined) return setProblem(new OperationOutcomeError(notFound));
      const known = nationalNumberOf(hit.patient);
      setType(known === undefined || readNumber('norwegian', known).identifier === undefined ? 'other' : 'norwegian');
      setNumber(known ?? '');
      setBirthDate(hit.patient.birthDate ?? '');
      setFound(hit);
    }, setProblem);
    return () => {
      isLatest = false;
    };
  }, [medplum, named]);

  const { identifier, fault: numberFault } = readNumber(type, number);
  const told = type === 'norwegian' ? bornOf(identifier?.value) : undefined;
  const isAsked = type === 'other';

  /** Somebody else is sought: what was found and written of the last is no longer meant. */
  const startAgain = (): void => {
    turn.current += 1;
    setFound(undefined);
    setPossible([]);
    setPerson(UNNAMED);
    setFault(undefined);
  };
  const act = (what: () => Promise<void>) => (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setProblem(undefined);
    setFault(undefined);
    setBusy(true);
    what()
      .catch(setProblem)
      .finally(() => setBusy(false));
  };
  const dayFault = (): Fault | undefined => {
    if (birthDate === '') return isAsked ? { of: 'birthDate', what: 'missing' } : undefined;
    return birthDate > dayHere(new Date()) ? { of: 'birthDate', what: 'future' } : undefined;
  };
  const look = act(async () => {
    const wrong: Fault | undefined =
      numberFault === undefined ? (isAsked ? dayFault() : undefined) : { of: 'number', what: numberFault };
    if (wrong !== undefined) return setFault(wrong);
    const asked = turn.current;
    const { certain, possible: others } = await findCandidates(medplum, {
      identifier,
      birthDate: isAsked ? birthDate : undefined,
    });
    if (asked !== turn.current) return;
    setPossible(others);
    setFound(certain ?? (others.length === 0 ? 'nobody' : undefined));
    setLooks((looks) => looks + 1);
  });
  const create = act(async () => {
    if (found === undefined) return;
    const wrong =
      found === 'nobody' ? (person.family.trim() === '' ? { of: 'family' as const } : dayFault()) : undefined;
    if (wrong !== undefined) return setFault(wrong);
    const born = told ?? birthDate;
    const patient: Patient =
      found === 'nobody'
        ? {
            resourceType: 'Patient',
            ...(identifier !== undefined && { identifier: [identifier] }),
            name: [{ family: person.family.trim(), ...(person.given.trim() && { given: [person.given.trim()] }) }],
            ...(born !== '' && { birthDate: born }),
          }
        : found.patient;
    const day = dayHere(new Date());
    const bundle = courseBundle({ patient, hospital: hospital?.reference, day, uuid: () => crypto.randomUUID() });
    const stored = await medplum.executeBatch(bundle);
    const course = stored.entry?.at(-1)?.response?.location?.split('EpisodeOfCare/')[1]?.split('/')[0];
    await navigate(course === undefined ? '/' : `/course/${course}`);
  });
  const birthDateField = (
    <DayField
      key={type}
      label={list.born}
      description={own.birthDateNeeded}
      error={fault?.of === 'birthDate' && (fault.what === 'missing' ? own.birthDateMissing : own.birthDateFuture)}
      value={birthDate}
      onDay={(day) => {
        setBirthDate(day);
        if (isAsked) startAgain();
      }}
    />
  );
  return (
    <Page title={words.menu.newCourse}>
      <Stack maw={480} ref={page}>
        <form onSubmit={look} noValidate>
          <Stack gap="sm" align="flex-start">
            <fieldset className="number-type">
              <legend>{own.type}</legend>
              {TYPES.map((one) => (
                <Radio
                  key={one}
                  name="number-type"
                  mt={4}
                  label={own.types[one]}
                  checked={type === one}
                  onChange={() => {
                    setType(one);
                    setBirthDate('');
                    startAgain();
                  }}
                />
              ))}
            </fieldset>
            <TextInput
              w="100%"
              label={own.number[type]}
              description={own.help[type]}
              error={fault?.of === 'number' && own.faults[fault.what]}
              inputMode={type === 'norwegian' ? 'numeric' : 'text'}
              autoComplete="off"
              value={number}
              onChange={({ currentTarget }) => {
                setNumber(currentTarget.value);
                startAgain();
              }}
            />
            {isAsked && birthDateField}
            <Button type="submit" variant="default" aria-disabled={isBusy} data-busy={isBusy}>
              {list.search}
            </Button>
          </Stack>
        </form>
        {problem !== undefined && <Trouble problem={problem} />}
        {possible.length > 0 && (
          <PossiblePatients heading={answer} patients={possible} chosen={found} onChoose={setFound} own={own} />
        )}
        {found !== undefined && (
          <form onSubmit={create} noValidate>
            <Stack gap="sm" align="flex-start">
              <Title order={2} tabIndex={-1} ref={possible.length === 0 ? answer : undefined}>
                {found === 'nobody' ? own.fresh : nameOf(found.patient)}
              </Title>
              {found === 'nobody' ? (
                <>
                  <TextInput
                    w="100%"
                    label={own.family}
                    error={fault?.of === 'family' && own.needed}
                    value={person.family}
                    onChange={({ currentTarget }) => setPerson({ ...person, family: currentTarget.value })}
                  />
                  <TextInput
                    w="100%"
                    label={own.given}
                    value={person.given}
                    onChange={({ currentTarget }) => setPerson({ ...person, given: currentTarget.value })}
                  />
                  {told !== undefined && (
                    <Text>
                      {list.born}: {dayText(told, LOCALES[language])}. {own.birthDateTold}
                    </Text>
                  )}
                  {!isAsked && told === undefined && birthDateField}
                </>
              ) : (
                <EarlierCourses courses={found.courses} title={own.earlier} />
              )}
              <Button type="submit" aria-disabled={isBusy} data-busy={isBusy}>
                {own.create}
              </Button>
            </Stack>
          </form>
        )}
      </Stack>
    </Page>
  );
}
