import type { AuditEvent, Bundle, Composition } from '@medplum/fhirtypes';
import type { Language } from '../model/language.ts';
import type { Names } from './audit-event.ts';
import type { AuditEntry } from './look-up.ts';

/** What the document needs beside the entries. */
export interface AccessLogParts {
  readonly language: Language;
  /** IANA's name of the zone whose days and times are told. */
  readonly timeZone: string;
  readonly patientId: string;
  readonly names: Names;
  readonly now: Date;
  /** Absolute, without a slash at the end. */
  readonly baseUrl: string;
  /** A random UUID. */
  readonly uuid: () => string;
}

interface Words {
  readonly tag: string;
  readonly title: string;
  readonly intro: string;
  readonly none: string;
  readonly columns: readonly [when: string, who: string, role: string, hospital: string, what: string, times: string];
  readonly you: string;
  readonly automatic: string;
  readonly unknown: string;
  readonly refused: string;
  readonly roles: Readonly<Record<string, string>>;
  readonly acts: Readonly<Record<'seen' | 'found' | 'changed' | 'deleted' | 'fetched', string>>;
}

const WORDS: Readonly<Record<Language, Words>> = {
  nb: {
    tag: 'nb-NO',
    title: 'Hvem har sett opplysningene dine',
    intro:
      'Listen viser hvem som har sett eller endret opplysninger om deg her, nyeste først. Navn vises slik de er i dag.',
    none: 'Ingen har sett eller endret opplysninger om deg i dette tidsrommet.',
    columns: ['Dag', 'Hvem', 'Rolle', 'Sykehus', 'Hva', 'Antall ganger'],
    you: 'Du selv',
    automatic: 'Automatisk behandling',
    unknown: 'Ukjent',
    refused: 'nektet tilgang',
    roles: {
      ...{ lu: 'lokal bruker', lc: 'lokal koordinator', sc: 'systemkoordinator', researcher: 'forsker' },
      ...{
        operator: 'driftspersonell',
        ehr: 'journalsystem',
        admin: 'administrator',
        patient: 'pasient',
        bot: 'automatisk',
        system: 'datasystem',
        client: 'datasystem',
      },
    },
    acts: {
      seen: 'sett',
      found: 'vist i et søk',
      changed: 'registrert eller endret',
      deleted: 'slettet',
      fetched: 'hentet samlet',
    },
  },
  sv: {
    tag: 'sv-SE',
    title: 'Vilka som har sett dina uppgifter',
    intro:
      'Listan visar vilka som har sett eller ändrat uppgifter om dig här, de senaste först. Namn visas som de är i dag.',
    none: 'Ingen har sett eller ändrat uppgifter om dig under den här tiden.',
    columns: ['Dag', 'Vem', 'Roll', 'Sjukhus', 'Vad', 'Antal gånger'],
    you: 'Du själv',
    automatic: 'Automatisk behandling',
    unknown: 'Okänd',
    refused: 'nekades åtkomst',
    roles: {
      ...{ lu: 'lokal användare', lc: 'lokal koordinator', sc: 'systemkoordinator', researcher: 'forskare' },
      ...{
        operator: 'driftpersonal',
        ehr: 'journalsystem',
        admin: 'administratör',
        patient: 'patient',
        bot: 'automatisk',
        system: 'datasystem',
        client: 'datasystem',
      },
    },
    acts: {
      seen: 'sett',
      found: 'visat i en sökning',
      changed: 'registrerat eller ändrat',
      deleted: 'raderat',
      fetched: 'hämtat samlat',
    },
  },
  en: {
    tag: 'en-GB',
    title: 'Who has seen your record',
    intro:
      'The list shows who has seen or changed what is stored about you here, newest first. Names are shown as they are today.',
    none: 'Nobody has seen or changed what is stored about you in this time.',
    columns: ['Day', 'Who', 'Role', 'Hospital', 'What', 'Times'],
    you: 'Yourself',
    automatic: 'Automatic processing',
    unknown: 'Unknown',
    refused: 'was refused',
    roles: {
      ...{ lu: 'local user', lc: 'local coordinator', sc: 'system coordinator', researcher: 'researcher' },
      ...{
        operator: 'operator',
        ehr: 'health record system',
        admin: 'administrator',
        patient: 'patient',
        bot: 'automatic',
        system: 'computer system',
        client: 'computer system',
      },
    },
    acts: {
      seen: 'seen',
      found: 'shown in a search',
      changed: 'stored or changed',
      deleted: 'deleted',
      fetched: 'fetched as a whole',
    },
  },
};

/**
 * Who has seen a record, as a document that a person reads: a Composition whose text is a table, a line for each day,
 * person and kind of access, with the AuditEvents that it was made of. Pasientjournalloven § 18, helseregisterloven § 24,
 * patientdatalagen 8 kap. 5 §.
 */
export function accessLog(
  entries: readonly AuditEntry[],
  events: readonly AuditEvent[],
  parts: AccessLogParts,
): Bundle<Composition | AuditEvent> {
  const words = WORDS[parts.language];
  const { uuid, now, baseUrl } = parts;
  const composition: Composition = {
    resourceType: 'Composition',
    language: parts.language,
    text: { status: 'generated', div: narrative(entries, parts, words) },
    status: 'final',
    type: { text: words.title },
    subject: { reference: `Patient/${parts.patientId}` },
    date: now.toISOString(),
    author: [{ display: 'Svar' }],
    title: words.title,
    section: [
      {
        title: words.title,
        text: { status: 'generated', div: narrative(entries, parts, words) },
        ...(events.length === 0 ? {} : { entry: events.map(({ id }) => ({ reference: `AuditEvent/${id}` })) }),
      },
    ],
  };
  return {
    resourceType: 'Bundle',
    type: 'document',
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${uuid()}` },
    timestamp: now.toISOString(),
    entry: [
      { fullUrl: `urn:uuid:${uuid()}`, resource: composition },
      ...events.map((resource) => ({ fullUrl: `${baseUrl}/AuditEvent/${resource.id}`, resource })),
    ],
  };
}

function narrative(entries: readonly AuditEntry[], parts: AccessLogParts, words: Words): string {
  const day = new Intl.DateTimeFormat(words.tag, { timeZone: parts.timeZone, dateStyle: 'long' });
  const lines = new Map<string, number>();
  for (const entry of entries) {
    const cells = [day.format(new Date(entry.at)), ...whoOf(entry, parts, words), whatOf(entry, words)];
    const line = cells.map((cell) => `<td>${escaped(cell)}</td>`).join('');
    lines.set(line, (lines.get(line) ?? 0) + 1);
  }
  const head = words.columns.map((column) => `<th>${escaped(column)}</th>`).join('');
  const body = [...lines].map(([line, times]) => `<tr>${line}<td>${times}</td></tr>`).join('');
  const table =
    lines.size === 0
      ? `<p>${escaped(words.none)}</p>`
      : `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
  return `<div xmlns="http://www.w3.org/1999/xhtml" lang="${parts.language}" xml:lang="${parts.language}"><h1>${escaped(words.title)}</h1><p>${escaped(words.intro)}</p>${table}</div>`;
}

/** Who, in which role, for which hospital. */
function whoOf({ agent }: AuditEntry, { patientId, names }: AccessLogParts, words: Words): [string, string, string] {
  if (agent === undefined) {
    return [words.unknown, '', ''];
  }
  const role = words.roles[agent.role] ?? agent.role;
  const hospital = agent.organization === undefined ? '' : (names.get(agent.organization) ?? agent.organization);
  if (agent.who === `Patient/${patientId}`) {
    return [words.you, role, hospital];
  }
  if (agent.role === 'bot' || agent.role === 'system') {
    return [words.automatic, role, hospital];
  }
  return [names.get(agent.who) ?? agent.who.replace(/^Device\//, ''), role, hospital];
}

function whatOf({ interaction, status }: AuditEntry, { acts, refused }: Words): string {
  const act = actOf(interaction);
  return status < 400 ? acts[act] : `${acts[act]} (${refused})`;
}

function actOf(interaction: string): keyof Words['acts'] {
  if (interaction === 'operation') return 'fetched';
  if (interaction === 'delete') return 'deleted';
  if (/^(create|update|patch|transaction)$/.test(interaction)) return 'changed';
  return /^(search|history-(type|system))/.test(interaction) ? 'found' : 'seen';
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
