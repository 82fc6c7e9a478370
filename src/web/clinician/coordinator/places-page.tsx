import { NativeSelect } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import { nameOf } from '../names.ts';
import { useWho } from '../session/who-context.ts';
import { LoadedPage } from './loaded-page.tsx';
import { PlaceList } from './place-list.tsx';
import { fetchPlaces } from './places.ts';

const HOSPITALS_MAX = '200';

/** Departments and locations of a hospital: list, add, close, delete while unused (manual 1.8, "Avdelinger", "Lokasjoner"). */
export default function PlacesPage(): ReactElement {
  const medplum = useMedplum();
  const who = useWho();
  const [chosen, choose] = useState<string>();
  return (
    <LoadedPage
      head={({ places }) => places}
      load={async () => {
        const own = who.hospital?.reference;
        const hospitals =
          own === undefined
            ? await medplum.searchResources('Organization', { 'partof:missing': 'true', _count: HOSPITALS_MAX })
            : [];
        const hospital = own ?? chosen ?? (hospitals[0] && `Organization/${hospitals[0].id}`);
        return {
          hospitals,
          hospital,
          places: hospital === undefined ? undefined : await fetchPlaces(medplum, hospital),
        };
      }}
      by={[medplum, who, chosen]}
    >
      {({ value: { hospitals, hospital, places }, words, act, busy }) => (
        <>
          {hospitals.length > 0 && (
            <NativeSelect
              label={words.hospital}
              mb="md"
              maw={360}
              value={hospital ?? ''}
              onChange={({ currentTarget }) => choose(currentTarget.value)}
            >
              {hospitals.map((each) => (
                <option key={each.id} value={`Organization/${each.id}`}>
                  {each.name ?? nameOf(each)}
                </option>
              ))}
            </NativeSelect>
          )}
          {hospital !== undefined && places !== undefined && (
            <>
              <PlaceList type="Organization" {...{ hospital, words, act, busy }} places={places.Organization} />
              <PlaceList type="Location" {...{ hospital, words, act, busy }} places={places.Location} />
            </>
          )}
        </>
      )}
    </LoadedPage>
  );
}
