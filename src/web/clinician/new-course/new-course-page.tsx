import { Anchor, Button, Radio, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import { type FormEvent, type ReactElement, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { dayHere } from '../age.ts';
import { Page } from '../frame/page.tsx';
import { nameOf } from '../names.ts';
import { type FoundPatient, findPatients } from '../patient-search/find-patients.ts';
import { Trouble } from '../problem/trouble.tsx';
import { useWho } from '../session/who-context.ts';
import { useLanguage, useWords } from '../words/words-context.ts';
import { useListWords } from '../worklist/words.ts';
import { courseBundle, NATIONAL_NUMBER } from './course-bundle.ts';
import { isNationalNumber } from './national-number.ts';
import { newCourseWords } from './words.ts';

/** A number, who it is, earlier courses, and a new one (manual 1.8, "Ny registrering"). */
export default function NewCoursePage(): ReactElement {
  const words = useWords();
  const list = useListWords();
  const own = newCourseWords[useLanguage()];
  const medplum = useMedplum();
  const navigate = useNavigate();
  const { hospital } = useWho();
  const [number, setNumber] = useState('');
  const [person, setPerson] = useState({ family: '', given: '', birthDate: '' });
  const [found, setFound] = useState<FoundPatient | 'nobody'>();
  const [several, setSeveral] = useState<readonly FoundPatient[]>([]);
  const [fault, setFault] = useState<'number' | 'family'>();
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const digits = number.replaceAll(/\s/g, '');

  const act = (what: () => Promise<void>) => (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    setFault(undefined);
    setBusy(true);
    what()
      .catch(setProblem)
      .finally(() => setBusy(false));
  };
  const look = act(async () => {
    if (digits !== '' && !isNationalNumber(digits)) return setFault('number');
    const hits = digits === '' ? [] : await findPatients(medplum, digits);
    setSeveral(hits.length > 1 ? hits : []);
    setFound(hits.length > 1 ? undefined : (hits[0] ?? 'nobody'));
  });
  const create = act(async () => {
    if (found === undefined) return;
    if (found === 'nobody' && person.family.trim() === '') return setFault('family');
    const patient =
      found === 'nobody'
        ? {
            resourceType: 'Patient' as const,
            ...(digits !== '' && { identifier: [{ system: NATIONAL_NUMBER, value: digits }] }),
            name: [{ family: person.family.trim(), ...(person.given.trim() && { given: [person.given.trim()] }) }],
            ...(person.birthDate !== '' && { birthDate: person.birthDate }),
          }
        : found.patient;
    const day = dayHere(new Date());
    const bundle = courseBundle({ patient, hospital: hospital?.reference, day, uuid: () => crypto.randomUUID() });
    const answer = await medplum.executeBatch(bundle);
    const course = answer.entry?.at(-1)?.response?.location?.split('EpisodeOfCare/')[1]?.split('/')[0];
    await navigate(course === undefined ? '/' : `/course/${course}`);
  });
  return (
    <Page title={words.menu.newCourse}>
      <Stack maw={480}>
        <form onSubmit={look}>
          <TextInput
            label={own.number}
            description={own.help}
            error={fault === 'number' && own.wrong}
            inputMode="numeric"
            autoComplete="off"
            value={number}
            onChange={({ currentTarget }) => {
              setNumber(currentTarget.value);
              setFound(undefined);
              setSeveral([]);
            }}
          />
          <Button type="submit" mt="sm" variant="default" loading={isBusy}>
            {list.search}
          </Button>
        </form>
        {problem !== undefined && <Trouble problem={problem} />}
        {several.length > 0 && (
          <fieldset>
            <legend>{own.several}</legend>
            {several.map((hit) => (
              <Radio
                key={hit.patient.id}
                name="several"
                mt="xs"
                label={[nameOf(hit.patient), hit.patient.birthDate].filter(Boolean).join(', ')}
                checked={found === hit}
                onChange={() => setFound(hit)}
              />
            ))}
          </fieldset>
        )}
        {found !== undefined && (
          <form onSubmit={create}>
            <Title order={2}>{found === 'nobody' ? own.fresh : nameOf(found.patient)}</Title>
            {found === 'nobody' ? (
              <>
                <TextInput
                  label={own.family}
                  error={fault === 'family' && own.needed}
                  value={person.family}
                  onChange={({ currentTarget }) => setPerson({ ...person, family: currentTarget.value })}
                />
                <TextInput
                  label={own.given}
                  value={person.given}
                  onChange={({ currentTarget }) => setPerson({ ...person, given: currentTarget.value })}
                />
                <TextInput
                  type="date"
                  label={list.born}
                  description={digits === '' ? own.birthDateNeeded : undefined}
                  value={person.birthDate}
                  onChange={({ currentTarget }) => setPerson({ ...person, birthDate: currentTarget.value })}
                />
              </>
            ) : (
              found.courses.length > 0 && (
                <>
                  <Text fw={600}>{own.earlier}</Text>
                  {found.courses.map(({ id, period }) => (
                    <div key={id}>
                      <Anchor component={Link} to={`/course/${id}`}>
                        {`${period?.start?.slice(0, 10) ?? ''} ${id}`.trim()}
                      </Anchor>
                    </div>
                  ))}
                </>
              )
            )}
            <Button type="submit" mt="sm" loading={isBusy}>
              {own.create}
            </Button>
          </form>
        )}
      </Stack>
    </Page>
  );
}
