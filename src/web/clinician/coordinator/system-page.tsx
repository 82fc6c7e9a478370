import { Text } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import type { ReactElement } from 'react';
import { type Writing, writing } from '../../../charts/said.ts';
import { useWho } from '../session/who-context.ts';
import { wordOf } from '../words/words.ts';
import { useLanguage } from '../words/words-context.ts';
import { ListTable } from './list-table.tsx';
import { LoadedPage } from './loaded-page.tsx';
import { fetchSystemInfo, type RegistryInfo } from './system-info.ts';
import type { CoordinatorWords } from './words.ts';

/** Versions and whom to ask (manual 1.8, "Systeminfo"). */
export default function SystemPage(): ReactElement {
  const medplum = useMedplum();
  const who = useWho();
  const language = useLanguage();
  const how = writing(language, Intl.DateTimeFormat().resolvedOptions().timeZone);
  return (
    <LoadedPage
      head={({ system }) => system}
      load={() => fetchSystemInfo(medplum, who, language)}
      by={[medplum, who, language]}
    >
      {({ value: { software, fhirVersion, address, registry }, words }) => (
        <>
          <Facts
            facts={[
              [words.system.software, software],
              ['FHIR', fhirVersion],
              [words.system.address, address],
            ]}
          />
          {registry !== undefined && <Registry registry={registry} words={words} how={how} />}
        </>
      )}
    </LoadedPage>
  );
}

interface RegistryProps {
  readonly registry: RegistryInfo;
  readonly words: CoordinatorWords;
  readonly how: Writing;
}

function Registry({ registry: { title, version, contacts, forms }, words, how }: RegistryProps): ReactElement {
  const said = words.system;
  return (
    <section className="coordinator-part">
      <h2>{title}</h2>
      <Facts
        facts={[
          [said.version, version],
          [said.contact, contacts.length === 0 ? said.noContact : contacts.join('; ')],
        ]}
      />
      <h3>{said.forms}</h3>
      {forms.length === 0 ? (
        <Text>{words.none}</Text>
      ) : (
        <ListTable
          name={said.forms}
          columns={[words.form, said.version, words.state, said.stored]}
          rows={forms.map((form) => ({
            key: form.key,
            cells: [
              form.title,
              form.version,
              wordOf(said.states, form.status) ?? form.status,
              form.stored === undefined ? '' : how.day(form.stored),
            ],
          }))}
        />
      )}
    </section>
  );
}

function Facts({ facts }: { readonly facts: readonly (readonly [term: string, text: string])[] }): ReactElement {
  return (
    <dl className="coordinator-facts">
      {facts.map(([term, text]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
