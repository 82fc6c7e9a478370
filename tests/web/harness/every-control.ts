import type { Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';

const CORE = 'http://hl7.org/fhir/StructureDefinition';
const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition';

function control(code: string): Extension {
  const coding = [{ system: 'http://hl7.org/fhir/questionnaire-item-control', code }];
  return { url: `${CORE}/questionnaire-itemControl`, valueCodeableConcept: { coding } };
}

const integer = (name: string, value: number): Extension => ({ url: `${CORE}/${name}`, valueInteger: value });
const options = (...names: readonly string[]) =>
  names.map((display, index) => ({ valueCoding: { system: 'urn:svar:test', code: `${index}`, display } }));
const display = (linkId: string, text: string, code: string): QuestionnaireItem => ({
  linkId,
  type: 'display',
  text,
  extension: [control(code)],
});
const ask = (linkId: string, type: QuestionnaireItem['type'], text: string, more?: Partial<QuestionnaireItem>) =>
  ({ linkId, type, text, ...more }) satisfies QuestionnaireItem;
const page = (linkId: string, text: string, item: QuestionnaireItem[]): QuestionnaireItem => ({
  linkId,
  type: 'group',
  text,
  extension: [control('page')],
  item,
});

const likert = (linkId: string, text: string) =>
  ask(linkId, 'choice', text, { answerOption: options('Aldri', 'Av og til', 'Ofte', 'Alltid') });

/** A form with every way of asking that the renderer knows. */
export const everyControl: Questionnaire = {
  resourceType: 'Questionnaire',
  id: 'every-control',
  name: 'EveryControl',
  url: 'https://svar.example.org/fhir/Questionnaire/every-control',
  version: '1.0.0',
  language: 'nb',
  status: 'active',
  title: 'Alle slags spørsmål',
  item: [
    page('valg', 'Å velge', [
      ask('intro', 'display', 'Et skjema med alle måter å spørre på.'),
      ask('ja-nei', 'boolean', 'Har du vondt nå?', {
        required: true,
        item: [display('ja-nei-hjelp', 'Tenk på det siste døgnet.', 'help')],
      }),
      ask('hvor-lenge', 'choice', 'Hvor lenge har du hatt det vondt?', {
        enableWhen: [{ question: 'ja-nei', operator: '=', answerBoolean: true }],
        answerOption: options('Noen dager', 'Noen uker', 'Lenger'),
      }),
      ask('tiltak', 'open-choice', 'Hva har hjulpet?', {
        repeats: true,
        answerOption: [
          ...options('Hvile', 'Bevegelse'),
          {
            extension: [{ url: `${CORE}/questionnaire-optionExclusive`, valueBoolean: true }],
            valueCoding: { system: 'urn:svar:test', code: 'none', display: 'Ingenting' },
          },
        ],
      }),
      ask('fylke', 'choice', 'Fylke', { extension: [control('drop-down')], answerOption: options('Agder', 'Troms') }),
      ask('enig', 'boolean', 'Jeg har lest dette', { extension: [control('check-box')] }),
    ]),
    page('skalaer', 'Skalaer', [
      ask('smerte', 'integer', 'Hvor sterk er smerten?', {
        extension: [control('slider'), integer('minValue', 0), integer('maxValue', 10)],
        item: [display('smerte-ned', 'Ingen smerte', 'lower'), display('smerte-opp', 'Verst tenkelige', 'upper')],
      }),
      ask('helse', 'integer', 'Hvordan er helsen din i dag?', {
        extension: [control('slider'), integer('minValue', 0), integer('maxValue', 100)],
        item: [display('helse-ned', 'Verst tenkelige', 'lower'), display('helse-opp', 'Best tenkelige', 'upper')],
      }),
      ask('plager', 'group', 'Hvor ofte er du plaget av dette?', {
        item: [likert('uro', 'Uro'), likert('tretthet', 'Tretthet')],
      }),
      ask('steder', 'choice', 'Hvor gjør det vondt?', {
        repeats: true,
        answerValueSet: 'https://svar.example.org/fhir/ValueSet/pain-region',
      }),
    ]),
    page('felt', 'Felt', [
      ask('navn', 'string', 'Hva kaller du plagen?', { maxLength: 30 }),
      ask('mer', 'text', 'Fortell gjerne mer'),
      ask('antall', 'integer', 'Hvor mange netter?', {
        required: true,
        extension: [integer('minValue', 0), integer('maxValue', 31), softMax(14)],
      }),
      ask('vekt', 'decimal', 'Vekt', {
        extension: [{ url: `${CORE}/questionnaire-unit`, valueCoding: { code: 'kg', display: 'kg' } }],
      }),
      ask('dose', 'quantity', 'Dose', {
        extension: ['mg', 'g'].map((code) => ({
          url: `${CORE}/questionnaire-unitOption`,
          valueCoding: { system: 'http://unitsofmeasure.org', code, display: code },
        })),
      }),
      ask('dag', 'date', 'Når begynte det?'),
      ask('naar', 'dateTime', 'Når tok du sist medisin?'),
      ask('klokka', 'time', 'Når legger du deg?'),
      ask('side', 'url', 'Nettside'),
      ask('sted', 'choice', 'Verste sted', {
        extension: [control('autocomplete')],
        answerValueSet: 'https://svar.example.org/fhir/ValueSet/smertereg-anatomisk-inndeling',
      }),
      ask('avdeling', 'reference', 'Avdeling', {
        extension: [{ url: `${CORE}/questionnaire-referenceResource`, valueCode: 'Organization' }],
      }),
      ask('bilde', 'attachment', 'Bilde'),
    ]),
    page('rader', 'Medisiner', [
      ask('medisin', 'group', 'Medisin', {
        repeats: true,
        extension: [control('gtable')],
        item: [
          ask('medisin-navn', 'string', 'Navn'),
          ask('medisin-dose', 'decimal', 'Dose (mg)'),
          ask('medisin-ganger', 'integer', 'Ganger i døgnet'),
        ],
      }),
      ask('sum', 'decimal', 'Sum i døgnet (mg)', {
        readOnly: true,
        extension: [
          {
            url: `${SDC}/sdc-questionnaire-calculatedExpression`,
            valueExpression: {
              language: 'text/fhirpath',
              expression:
                "%resource.item.where(linkId='rader').item.where(linkId='medisin').select(item.where(linkId='medisin-dose').answer.value * item.where(linkId='medisin-ganger').answer.value).sum()",
            },
          },
        ],
      }),
    ]),
  ],
};

function softMax(value: number): Extension {
  return { url: 'https://svar.example.org/fhir/StructureDefinition/questionnaire-softMaxValue', valueInteger: value };
}
