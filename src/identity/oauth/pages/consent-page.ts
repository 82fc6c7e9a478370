import { type Html, html } from '../../pages/html.ts';
import type { PageLanguage } from '../../pages/language.ts';
import type { Page } from '../../pages/layout.ts';
import { scopeTexts } from './scope-words.ts';

export interface ConsentQuestion {
  readonly language: PageLanguage;
  readonly clientName: string;
  /** What the person is asked to agree to; undefined where they are not asked. */
  readonly scopes?: readonly string[];
  /** Of whom one has to be chosen; undefined where none has to. */
  readonly patients?: readonly { readonly id: string; readonly display: string }[];
  /** By what the patients were searched. */
  readonly text: string;
}

interface Words {
  readonly asks: (name: string) => string;
  readonly wants: string;
  readonly choose: (name: string) => string;
  readonly patient: string;
  readonly none: string;
  readonly search: string;
  readonly find: string;
  readonly allow: string;
  readonly next: string;
  readonly deny: string;
}

const WORDS: Readonly<Record<PageLanguage, Words>> = {
  nb: {
    asks: (name) => `${name} ber om tilgang`,
    wants: 'Programmet vil kunne:',
    choose: (name) => `Velg pasient for ${name}`,
    patient: 'Pasient',
    none: 'Ingen pasient passer.',
    search: 'Navn, eller fødselsdato (1960-12-31)',
    find: 'Søk',
    allow: 'Tillat',
    next: 'Fortsett',
    deny: 'Avbryt',
  },
  nn: {
    asks: (name) => `${name} ber om tilgang`,
    wants: 'Programmet vil kunne:',
    choose: (name) => `Vel pasient for ${name}`,
    patient: 'Pasient',
    none: 'Ingen pasient passar.',
    search: 'Namn, eller fødselsdato (1960-12-31)',
    find: 'Søk',
    allow: 'Tillat',
    next: 'Hald fram',
    deny: 'Avbryt',
  },
  sv: {
    asks: (name) => `${name} ber om åtkomst`,
    wants: 'Programmet vill kunna:',
    choose: (name) => `Välj patient för ${name}`,
    patient: 'Patient',
    none: 'Ingen patient passar.',
    search: 'Namn, eller födelsedatum (1960-12-31)',
    find: 'Sök',
    allow: 'Tillåt',
    next: 'Fortsätt',
    deny: 'Avbryt',
  },
  en: {
    asks: (name) => `${name} asks for access`,
    wants: 'The app wants to:',
    choose: (name) => `Choose a patient for ${name}`,
    patient: 'Patient',
    none: 'No patient matches.',
    search: 'Name, or date of birth (1960-12-31)',
    find: 'Search',
    allow: 'Allow',
    next: 'Continue',
    deny: 'Cancel',
  },
};

/** The page of consent and of the choice of a patient. It is posted to itself: nothing of it stands in an address. */
export function consentPage({ language, clientName, scopes, patients, text }: ConsentQuestion): Page {
  const words = WORDS[language];
  const lines = scopes && scopeTexts(scopes, language);
  return {
    title: scopes === undefined ? words.choose(clientName) : words.asks(clientName),
    body: html`<form method="post">
${lines !== undefined && html`<p>${words.wants}</p>\n<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`}
${patients !== undefined && patientFields(words, patients, text)}
<button name="decision" value="allow">${scopes === undefined ? words.next : words.allow}</button>
<button class="quiet" name="decision" value="deny" formnovalidate>${words.deny}</button>
</form>`,
  };
}

/** The search stands first: it is what the Enter key does in its field. */
function patientFields(words: Words, patients: NonNullable<ConsentQuestion['patients']>, text: string): Html {
  return html`<label for="text">${words.search}</label>
<input id="text" name="text" value="${text}" maxlength="100" autocomplete="off">
<button class="quiet" name="decision" value="search" formnovalidate>${words.find}</button>
<fieldset><legend>${words.patient}</legend>
${patients.length === 0 && html`<p>${words.none}</p>`}
${patients.map(
  ({
    id,
    display,
  }) => html`<label class="choice"><input type="radio" name="patient" value="${id}" required>${display}</label>
`,
)}</fieldset>`;
}
