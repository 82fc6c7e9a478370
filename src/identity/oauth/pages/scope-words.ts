import { parseScope, type ResourceScope } from '../../../access/scopes.ts';
import type { PageLanguage } from '../../pages/language.ts';

type Texts = Readonly<Record<PageLanguage, string>>;

const WHO: Texts = { nb: 'vite hvem du er', nn: 'vite kven du er', sv: 'veta vem du är', en: 'know who you are' };

const WORDS: Readonly<Record<string, Texts>> = {
  openid: WHO,
  fhirUser: WHO,
  profile: WHO,
  offline_access: {
    nb: 'gå på også når du ikke er logget inn, i inntil 30 dager',
    nn: 'gå på òg når du ikkje er logga inn, i inntil 30 dagar',
    sv: 'fortsätta även när du inte är inloggad, i högst 30 dagar',
    en: 'go on also while you are not signed in, for up to 30 days',
  },
  online_access: {
    nb: 'gå på til du logger ut',
    nn: 'gå på til du loggar ut',
    sv: 'fortsätta tills du loggar ut',
    en: 'go on until you sign out',
  },
};

const TYPES: Readonly<Record<string, Texts>> = {
  '*': { nb: 'alle opplysninger', nn: 'alle opplysningar', sv: 'alla uppgifter', en: 'all data' },
  Patient: {
    nb: 'navn, fødselsnummer og kontaktopplysninger',
    nn: 'namn, fødselsnummer og kontaktopplysningar',
    sv: 'namn, personnummer och kontaktuppgifter',
    en: 'name, national number and contact data',
  },
  Questionnaire: { nb: 'skjemaer', nn: 'skjema', sv: 'formulär', en: 'forms' },
  QuestionnaireResponse: {
    nb: 'svar på skjemaer',
    nn: 'svar på skjema',
    sv: 'svar på formulär',
    en: 'answers to forms',
  },
  Observation: {
    nb: 'målinger og skårer',
    nn: 'målingar og skårar',
    sv: 'mätningar och poäng',
    en: 'measurements and scores',
  },
  Condition: { nb: 'diagnoser', nn: 'diagnosar', sv: 'diagnoser', en: 'diagnoses' },
  Procedure: { nb: 'behandlinger', nn: 'behandlingar', sv: 'åtgärder', en: 'procedures' },
  EpisodeOfCare: { nb: 'forløp', nn: 'forløp', sv: 'vårdförlopp', en: 'courses of treatment' },
  ServiceRequest: { nb: 'henvisninger', nn: 'tilvisingar', sv: 'remisser', en: 'referrals' },
  Consent: { nb: 'samtykker', nn: 'samtykke', sv: 'samtycken', en: 'consents' },
  Task: { nb: 'bestilte skjemaer', nn: 'bestilte skjema', sv: 'beställda formulär', en: 'forms that are asked for' },
};

const READ: Texts = { nb: 'lese', nn: 'lese', sv: 'läsa', en: 'read' };
const WRITE: Texts = { nb: 'endre', nn: 'endre', sv: 'ändra', en: 'change' };
const BOTH: Texts = { nb: 'lese og endre', nn: 'lese og endre', sv: 'läsa och ändra', en: 'read and change' };
const ONLY: Texts = { nb: 'bare', nn: 'berre', sv: 'endast', en: 'only' };

/** What scopes let an app do, in words for the person who is asked, each once. */
export function scopeTexts(scopes: readonly string[], language: PageLanguage): string[] {
  const texts = scopes.map((scope) => {
    const resource = parseScope(scope);
    return resource === undefined ? WORDS[scope]?.[language] : resourceText(resource, language);
  });
  return [...new Set(texts.filter((text) => text !== undefined))];
}

function resourceText({ type, acts, criteria }: ResourceScope, language: PageLanguage): string {
  const reads = acts.includes('read') || acts.includes('search');
  const writes = acts.some((act) => act !== 'read' && act !== 'search');
  const verb = reads && writes ? BOTH : writes ? WRITE : READ;
  const what = TYPES[type]?.[language] ?? type;
  return `${verb[language]} ${what}${criteria === undefined ? '' : ` (${ONLY[language]} ${criteria})`}`;
}
