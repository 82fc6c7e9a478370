import type { Language } from '../../model/language.ts';

/** The words of the document. */
export interface Words {
  readonly title: string;
  readonly made: string;
  readonly introduction: string;
  readonly question: string;
  readonly answer: string;
  readonly unanswered: string;
  readonly yes: string;
  readonly no: string;
  readonly status: string;
  readonly versions: string;
  readonly seenBy: string;
  readonly when: string;
  readonly who: string;
  readonly what: string;
  readonly nobody: string;
  /** What is shown of no type in particular. */
  readonly others: string;
  /** Headings by resource type. */
  readonly types: Readonly<Record<string, string>>;
  /** Names of elements. */
  readonly elements: Readonly<Record<string, string>>;
}

const nb: Words = {
  title: 'Alt vi har registrert om deg',
  made: 'Laget',
  introduction:
    'Dette er alle opplysninger som er lagret om deg her (personvernforordningen, artikkel 15). Er noe feil, kan du be om at det rettes. Du kan også be om sletting eller begrensning, og trekke samtykket tilbake.',
  question: 'Spørsmål',
  answer: 'Svar',
  unanswered: 'ikke besvart',
  yes: 'Ja',
  no: 'Nei',
  status: 'Status',
  versions: 'Tidligere utgaver',
  seenBy: 'Hvem har sett eller endret opplysningene',
  when: 'Når',
  who: 'Hvem',
  what: 'Hva',
  nobody: 'Ingen er registrert.',
  others: 'Annet',
  types: {
    Patient: 'Deg',
    EpisodeOfCare: 'Forløp',
    ServiceRequest: 'Henvisninger',
    Encounter: 'Kontakter',
    Consent: 'Samtykker og reservasjoner',
    ResearchSubject: 'Plass i registre',
    QuestionnaireResponse: 'Skjemaer og svar',
    Observation: 'Skårer og målinger',
    Condition: 'Diagnoser',
    Procedure: 'Behandlinger',
    MedicationStatement: 'Legemidler',
    Task: 'Bestilte skjemaer og henvendelser',
    Communication: 'Meldinger til deg',
    Flag: 'Begrensninger',
    Provenance: 'Hvem som gjorde hva',
  },
  elements: {
    status: 'Status',
    name: 'Navn',
    identifier: 'Nummer',
    birthDate: 'Fødselsdato',
    gender: 'Kjønn',
    telecom: 'Telefon og e-post',
    address: 'Adresse',
    period: 'Tidsrom',
    code: 'Hva',
    value: 'Verdi',
    reason: 'Grunn',
    description: 'Beskrivelse',
    subject: 'Gjelder',
    patient: 'Pasient',
    authored: 'Skrevet',
    'authored On': 'Skrevet',
    study: 'Register',
    'managing Organization': 'Sykehus',
    'business Status': 'Hvor langt',
    'last Modified': 'Sist endret',
    payload: 'Tekst',
    sent: 'Sendt',
    'date Time': 'Dato',
    policy: 'Vilkår',
    recorded: 'Ført',
    agent: 'Hvem',
    note: 'Merknad',
  },
};

const sv: Words = {
  title: 'Allt vi har registrerat om dig',
  made: 'Framställd',
  introduction:
    'Detta är alla uppgifter som är lagrade om dig här (dataskyddsförordningen, artikel 15). Är något fel kan du begära att det rättas. Du kan också begära radering eller begränsning, och ta tillbaka ditt samtycke.',
  question: 'Fråga',
  answer: 'Svar',
  unanswered: 'inte besvarad',
  yes: 'Ja',
  no: 'Nej',
  status: 'Status',
  versions: 'Tidigare versioner',
  seenBy: 'Vem har sett eller ändrat uppgifterna',
  when: 'När',
  who: 'Vem',
  what: 'Vad',
  nobody: 'Ingen är registrerad.',
  others: 'Annat',
  types: {
    Patient: 'Du',
    EpisodeOfCare: 'Vårdförlopp',
    ServiceRequest: 'Remisser',
    Encounter: 'Kontakter',
    Consent: 'Samtycken och spärrar',
    ResearchSubject: 'Plats i register',
    QuestionnaireResponse: 'Formulär och svar',
    Observation: 'Poäng och mätningar',
    Condition: 'Diagnoser',
    Procedure: 'Behandlingar',
    MedicationStatement: 'Läkemedel',
    Task: 'Beställda formulär och begäranden',
    Communication: 'Meddelanden till dig',
    Flag: 'Begränsningar',
    Provenance: 'Vem som gjorde vad',
  },
  elements: {
    status: 'Status',
    name: 'Namn',
    identifier: 'Nummer',
    birthDate: 'Födelsedatum',
    gender: 'Kön',
    telecom: 'Telefon och e-post',
    address: 'Adress',
    period: 'Tid',
    code: 'Vad',
    value: 'Värde',
    reason: 'Skäl',
    description: 'Beskrivning',
    subject: 'Gäller',
    patient: 'Patient',
    study: 'Register',
    'managing Organization': 'Sjukhus',
    note: 'Anmärkning',
  },
};

const en: Words = {
  title: 'Everything that is registered about you',
  made: 'Made',
  introduction:
    'These are all data that are held about you here (GDPR, article 15). If something is wrong, you can ask for it to be put right. You can also ask for erasure or restriction, and withdraw your consent.',
  question: 'Question',
  answer: 'Answer',
  unanswered: 'not answered',
  yes: 'Yes',
  no: 'No',
  status: 'Status',
  versions: 'Earlier versions',
  seenBy: 'Who has seen or changed the data',
  when: 'When',
  who: 'Who',
  what: 'What',
  nobody: 'Nobody is registered.',
  others: 'Other',
  types: {
    Patient: 'You',
    EpisodeOfCare: 'Courses of treatment',
    ServiceRequest: 'Referrals',
    Encounter: 'Contacts',
    Consent: 'Consents and reservations',
    ResearchSubject: 'Places in registries',
    QuestionnaireResponse: 'Forms and answers',
    Observation: 'Scores and measurements',
    Condition: 'Diagnoses',
    Procedure: 'Procedures',
    MedicationStatement: 'Medicines',
    Task: 'Forms that were ordered, and requests',
    Communication: 'Messages to you',
    Flag: 'Restrictions',
    Provenance: 'Who did what',
  },
  elements: {},
};

export const words: Readonly<Record<Language, Words>> = { nb, sv, en };
