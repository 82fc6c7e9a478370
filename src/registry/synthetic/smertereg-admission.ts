import type { Questionnaire, QuestionnaireItem, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { drawAnswers } from './draw-answers.ts';
import { oneOf } from './random.ts';

const WARDS = ['intensiv', 'kirurgi', 'medisin', 'ortopedi'];

/** What the registry has retired, and only old data holds. */
const RETIRED = ['InnlDiag', 'InnlDiagVersj', 'AkuttLang', 'AvdRegSmIntensSD', 'AvdRegSmIntensSDMangler'];

/**
 * Plausible answers to SmerteReg's B1.1: where the patient lies, one pain diagnosis, analgesics and substance use.
 * @param hospital id of one of the demo's hospitals, which have a building and four wards each
 * @param day of registration, as FHIR's date
 */
export function drawAdmission(
  form: Questionnaire,
  random: () => number,
  hospital: string,
  day: string,
): QuestionnaireResponseItem[] {
  const rus = random() < 0.15;
  const answers = drawAnswers(form, random, {
    ...Object.fromEntries(RETIRED.map((linkId) => [linkId, undefined])),
    RegDato11: day,
    Analgetika4a: oneOf(random, [['Ingen4a'], ['NonOpioid4a'], ['NonOpioid4a', 'Opioid4a']]),
    Analgetika4b: oneOf(random, [['Ingen4b'], ['NonOpioid4b']]),
    SentralBlokkB11: random() < 0.1 ? '9' : '0',
    PeriferBlokkB11: random() < 0.1 ? '9' : '0',
    TidligereRus: rus ? '1' : '0',
    PaagaaRus: rus && random() < 0.5 ? '1' : '0',
    LAR: rus && random() < 0.3 ? '1' : '0',
  });
  const lies: QuestionnaireResponseItem = {
    linkId: 'Innlagt',
    item: [
      { linkId: 'Lokasjon', answer: [{ valueReference: { reference: `Location/${hospital}-bygg` } }] },
      {
        linkId: 'InnlAvd',
        answer: [{ valueReference: { reference: `Organization/${hospital}-${oneOf(random, WARDS)}` } }],
      },
    ],
  };
  const diagnosis = {
    linkId: 'Smertediagnoser',
    item: [chosen(form, 'SmerteKat', oneOf(random, ['1', '2', '3', '4'])), chosen(form, 'HovedDiag', '1')],
  };
  const [date, ...rest] = answers;
  return [...(date === undefined ? [] : [date]), lies, diagnosis, ...rest];
}

function chosen(form: Questionnaire, linkId: string, code: string): QuestionnaireResponseItem {
  const option = itemsOf(form.item)
    .find((item) => item.linkId === linkId)
    ?.answerOption?.find(({ valueCoding }) => valueCoding?.code === code)?.valueCoding;
  return { linkId, answer: option === undefined ? [] : [{ valueCoding: { system: option.system, code } }] };
}

function itemsOf(items: readonly QuestionnaireItem[] = []): QuestionnaireItem[] {
  return items.flatMap((item) => [item, ...itemsOf(item.item)]);
}
