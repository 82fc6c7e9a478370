import { scopeTexts } from './scope-words.ts';
import { escaped, type PageLanguage, page } from './words.ts';

export interface ConsentPage {
  readonly language: PageLanguage;
  readonly clientName: string;
  /** What the person is asked to agree to; undefined where they are not asked. */
  readonly scopes?: readonly string[];
  /** Of whom one has to be chosen; undefined where none has to. */
  readonly patients?: readonly { readonly id: string; readonly display: string }[];
  /** By what the patients were searched. */
  readonly text: string;
}

const WORDS = {
  nb: {
    asks: (name: string) => `${name} ber om tilgang`,
    wants: (name: string) => `${name} vil kunne:`,
    choose: (name: string) => `Velg pasient for ${name}`,
    patient: 'Pasient',
    none: 'Ingen pasient passer.',
    search: 'Navn eller fødselsdato',
    find: 'Søk',
    allow: 'Tillat',
    next: 'Fortsett',
    deny: 'Avbryt',
  },
  sv: {
    asks: (name: string) => `${name} ber om åtkomst`,
    wants: (name: string) => `${name} vill kunna:`,
    choose: (name: string) => `Välj patient för ${name}`,
    patient: 'Patient',
    none: 'Ingen patient passar.',
    search: 'Namn eller födelsedatum',
    find: 'Sök',
    allow: 'Tillåt',
    next: 'Fortsätt',
    deny: 'Avbryt',
  },
  en: {
    asks: (name: string) => `${name} asks for access`,
    wants: (name: string) => `${name} wants to:`,
    choose: (name: string) => `Choose a patient for ${name}`,
    patient: 'Patient',
    none: 'No patient matches.',
    search: 'Name or date of birth',
    find: 'Search',
    allow: 'Allow',
    next: 'Continue',
    deny: 'Cancel',
  },
} as const;

/** The page of consent and of the choice of a patient. It is posted to itself: nothing of it stands in an address. */
export function consentPage({ language, clientName, scopes, patients, text }: ConsentPage): string {
  const words = WORDS[language];
  const title = scopes === undefined ? words.choose(clientName) : words.asks(clientName);
  const wants =
    scopes === undefined
      ? ''
      : `<p>${escaped(words.wants(clientName))}</p>
<ul>${scopeTexts(scopes, language)
          .map((line) => `<li>${escaped(line)}</li>`)
          .join('')}</ul>`;
  return page(
    language,
    title,
    `<form method="post">
${wants}
${patients === undefined ? '' : patientFields(words, patients, text)}
<button name="decision" value="allow">${scopes === undefined ? words.next : words.allow}</button>
<button name="decision" value="deny" formnovalidate>${words.deny}</button>
</form>`,
  );
}

function patientFields(
  words: (typeof WORDS)[PageLanguage],
  patients: readonly { readonly id: string; readonly display: string }[],
  text: string,
): string {
  const choices = patients.map(
    ({ id, display }) =>
      `<label><input type="radio" name="patient" value="${escaped(id)}" required> ${escaped(display)}</label>`,
  );
  return `<p><label>${words.search} <input name="text" value="${escaped(text)}" maxlength="100" autocomplete="off"></label>
<button name="decision" value="search" formnovalidate>${words.find}</button></p>
<fieldset><legend>${words.patient}</legend>
${choices.length === 0 ? `<p>${words.none}</p>` : choices.join('\n')}
</fieldset>`;
}
