import { Button, Group, Text, TextInput } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useRef, useState } from 'react';
import { useWho } from '../session/who-context.ts';
import { ConfirmButton } from './confirm-button.tsx';
import { ListTable } from './list-table.tsx';
import type { ShownPage } from './loaded-page.tsx';
import {
  addPlace,
  isActive,
  isReshId,
  type NewPlace,
  type Place,
  type PlaceType,
  placeOf,
  reshOf,
  setActive,
} from './places.ts';

interface PlaceListProps extends Pick<ShownPage<unknown>, 'words' | 'act' | 'busy'> {
  readonly type: PlaceType;
  readonly hospital: string;
  readonly places: readonly Place[];
}

/** The departments, or the locations, of a hospital, and a form for one more. */
export function PlaceList({ type, hospital, places, words, act, busy }: PlaceListProps): ReactElement {
  const medplum = useMedplum();
  const who = useWho();
  const said = words.places;
  const title = type === 'Organization' ? said.departments : said.locations;
  const mayChange = who.may('update', type);
  // one that courses name stays: where the server does not see to that, it is closed
  const mayRemove = who.may('delete', type) && who.keepsReferences(type);
  const rows = places.map((place) => ({
    key: place.id ?? reshOf(place),
    cells: [
      place.name ?? '',
      place.alias?.[0] ?? '',
      reshOf(place),
      isActive(place) ? said.active : said.closed,
      <Group key="actions" gap="xs">
        {mayChange && (
          <Button
            size="xs"
            variant="default"
            disabled={busy}
            onClick={() => act(() => setActive(medplum, place, !isActive(place)).then(() => undefined))}
          >
            {isActive(place) ? said.close : said.open}
            <span className="visually-hidden"> {place.name}</span>
          </Button>
        )}
        {mayRemove && (
          <ConfirmButton
            label={said.remove}
            of={place.name ?? ''}
            question={said.removeAsk}
            words={words}
            disabled={busy}
            onConfirmed={() => act(() => medplum.deleteResource(type, place.id ?? '').then(() => undefined))}
          />
        )}
      </Group>,
    ],
  }));
  return (
    <section className="coordinator-part">
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <Text>{words.none}</Text>
      ) : (
        <ListTable
          name={title}
          columns={[words.name, said.shortName, said.resh, words.state, words.actions]}
          rows={rows}
        />
      )}
      {who.may('create', type) && (
        <AddPlace
          label={type === 'Organization' ? said.addDepartment : said.addLocation}
          words={words}
          busy={busy}
          onAdd={(place) =>
            act(async () => ((await addPlace(medplum, placeOf(type, hospital, place))) ? undefined : said.exists))
          }
        />
      )}
    </section>
  );
}

interface AddPlaceProps extends Pick<ShownPage<unknown>, 'words' | 'busy'> {
  readonly label: string;
  readonly onAdd: (place: NewPlace) => Promise<boolean>;
}

const EMPTY: NewPlace = { name: '', short: '', resh: '' };

function AddPlace({ label, words, busy, onAdd }: AddPlaceProps): ReactElement {
  const [place, setPlace] = useState<NewPlace>(EMPTY);
  const [checked, setChecked] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const said = words.places;
  const faults: Partial<Record<keyof NewPlace, string>> = checked
    ? {
        ...(place.name.trim() === '' && { name: said.needed }),
        ...(place.short.trim() === '' && { short: said.needed }),
        ...(!isReshId(place.resh) && { resh: said.reshFault }),
      }
    : {};
  const input = (name: keyof NewPlace, text: string, description?: string): ReactElement => (
    <TextInput
      name={name}
      label={text}
      {...(description !== undefined && { description })}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={place[name]}
      error={faults[name]}
      {...(name === 'resh' && { inputMode: 'numeric' as const })}
      onChange={({ currentTarget: { value } }) => setPlace((before) => ({ ...before, [name]: value }))}
    />
  );
  const send = async (): Promise<void> => {
    setChecked(true);
    const wrong =
      place.name.trim() === ''
        ? 'name'
        : place.short.trim() === ''
          ? 'short'
          : isReshId(place.resh)
            ? undefined
            : 'resh';
    if (wrong !== undefined) {
      form.current?.querySelector<HTMLInputElement>(`input[name=${wrong}]`)?.focus();
      return;
    }
    if (await onAdd(place)) {
      setPlace(EMPTY);
      setChecked(false);
    }
  };
  return (
    <form
      ref={form}
      noValidate
      className="coordinator-form"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {input('name', words.name)}
      {input('short', said.shortName)}
      {input('resh', said.resh, said.reshHelp)}
      <Button type="submit" disabled={busy} className="coordinator-form-send">
        {label}
      </Button>
    </form>
  );
}
