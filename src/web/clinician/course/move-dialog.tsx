import { NativeSelect, Stack } from '@mantine/core';
import type { Encounter } from '@medplum/fhirtypes';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import type { CourseData, CourseView } from './course.ts';
import { Dialog } from './dialog.tsx';
import { only, searchNow, storeNew, storeNext } from './fhir-gateway.ts';
import { useCourseWords } from './words.ts';

interface MoveDialogProps {
  readonly view: CourseView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Says where the patient lies now: the course's Encounter, made where there is none. */
export function MoveDialog({ view, onDone, onClose }: MoveDialogProps): ReactElement {
  const words = useCourseWords();
  const medplum = useMedplum();
  const [facts] = view.facts;
  const [location, setLocation] = useState(facts?.location ?? '');
  const [ward, setWard] = useState(facts?.ward ?? '');
  const named = (type: string) =>
    [...view.data.names]
      .filter(([reference]) => reference.startsWith(`${type}/`))
      .filter(
        ([reference]) => !view.data.closed.has(reference) || reference === facts?.location || reference === facts?.ward,
      )
      .toSorted(([, a], [, b]) => a.localeCompare(b, 'nb'));
  const options = (type: string) => [
    { value: '', label: words.move.choose },
    ...named(type).map(([value, label]) => ({ value, label })),
  ];
  return (
    <Dialog
      title={words.move.title}
      lead={words.move.lead}
      submit={words.move.submit}
      lacking={() => (location === '' && ward === '' ? words.move.needed : undefined)}
      act={async () => {
        const found = await searchNow(
          medplum,
          `Encounter?episode-of-care=EpisodeOfCare/${view.data.episode.id}&_count=100`,
        );
        const lies = only<Encounter>(found, 'Encounter').find(
          ({ status }) => status === 'in-progress' || status === 'onleave',
        );
        const next = moved(view.data, lies, { location, ward });
        return lies === undefined ? storeNew(medplum, next) : storeNext(medplum, next);
      }}
      done={words.move.done}
      onDone={onDone}
      onClose={onClose}
    >
      <Stack gap="sm">
        <NativeSelect
          label={words.move.location}
          data={options('Location')}
          value={location}
          onChange={({ currentTarget }) => setLocation(currentTarget.value)}
        />
        <NativeSelect
          label={words.move.ward}
          data={options('Organization')}
          value={ward}
          onChange={({ currentTarget }) => setWard(currentTarget.value)}
        />
      </Stack>
    </Dialog>
  );
}

/** The Encounter with the new place; where the patient lay before is kept as completed. */
export function moved(
  { patient, episode }: Pick<CourseData, 'patient' | 'episode'>,
  lies: Encounter | undefined,
  { location, ward }: { readonly location: string; readonly ward: string },
): Encounter {
  const base: Encounter = lies ?? {
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
    subject: { reference: `Patient/${patient.id}` },
    episodeOfCare: [{ reference: `EpisodeOfCare/${episode.id}` }],
  };
  const before = (base.location ?? []).filter(({ location: one }) => one.reference !== location);
  return {
    ...base,
    ...(ward !== '' && { serviceProvider: { reference: ward } }),
    ...(location !== '' && {
      location: [
        ...before.map((one) => ({ ...one, status: 'completed' as const })),
        { location: { reference: location }, status: 'active' as const },
      ],
    }),
  };
}
