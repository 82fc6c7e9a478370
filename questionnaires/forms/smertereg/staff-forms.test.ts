import { readFileSync } from 'node:fs';
import type { Questionnaire, QuestionnaireItem, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { openForm } from '../../../src/forms/expressions/form-state.ts';
import { compileForm } from '../../../src/forms/form.ts';
import { validateResponse } from '../../../src/forms/validate-response.ts';

const NAMES = ['po', 'to', 'b12', 'b21', 'b22'] as const;
const forms = Object.fromEntries(
  NAMES.map((name) => {
    const text = readFileSync(new URL(`smertereg-${name}.json`, import.meta.url), 'utf8');
    return [name, JSON.parse(text) as Questionnaire];
  }),
) as Record<(typeof NAMES)[number], Questionnaire>;

const now = new Date('2026-03-10T08:00:00Z');
const ja = (linkId: string, code: string, system = 'smertereg-ja-nei-vet-ikke'): QuestionnaireResponseItem => ({
  linkId,
  answer: [{ valueCoding: { system: `https://svar.example.org/fhir/CodeSystem/${system}`, code } }],
});
const number = (linkId: string, valueInteger: number): QuestionnaireResponseItem => ({
  linkId,
  answer: [{ valueInteger }],
});
const date = (linkId: string, valueDate: string): QuestionnaireResponseItem => ({ linkId, answer: [{ valueDate }] });

/**
 * The variables of the registry as its manual 1.8 asks for them; codes and limits of its code book, names of its analysis
 * views. A line: name, type, OBL where it is obligatory (OBL? under a condition), codes (or value set), limits, marks,
 * what it depends on.
 */
const EXPECTED = `
po
DatoinhOppl | date | OBL
Fdato | date |  |  |  | readOnly
Kjonn | choice |  | 1,2 |  | readOnly
Mobil | string
Epost | string
Adrtype | choice |  | 1,2
SkrSamtykke | choice |  | 0,1 |  | readOnly
DatoinhSamt | date |  |  |  | readOnly | SkrSamtykke=1
ManglSamt | choice |  | 1,2,3,4 |  | readOnly | SkrSamtykke=0
DatoTrektSamt | date |  |  |  | readOnly | ManglSamt=4
Reservasjonsstatus | choice |  | 0,1 |  | readOnly
Avdod | choice |  | 0,1 |  | readOnly
Ddato | date |  |  |  | readOnly | Avdod=1
IntKomPO | text |  |  |  | internal
to
HenvistDato | date | OBL
HenvistVia | choice |  | Tilsynsanmodnin,TelefonCalling |  | several
StartdatoTO | date | OBL
Tilsett | choice | OBL | 1,2,3,4,5
Norsktalende | choice | OBL? | 0,1
alder | integer |  |  | normal[12..90] max[5..110] | readOnly
TilstrAntTils | choice |  | 0,1 |  | retired hidden readOnly
KognSvekket | choice | OBL? | 0,1
InklKritOppf | integer |  |  | max[0..1] | hidden readOnly
SkriftligSamtyk | choice | OBL | 0,1 |  |  | Tilsett=1 InklKritOppf=1
DatoSamtykke | date | OBL |  |  |  | SkriftligSamtyk=1
TypeManglSamt | choice | OBL | 1,2,3,4 |  |  | SkriftligSamtyk=0
DatotrekSamt | date |  |  |  | retired hidden readOnly | TypeManglSamt=4
IntKomTO | text |  |  |  | internal
b12
Regdato12 | date | OBL
AngiNRS12 | choice | OBL | 0,1,2,3
StSmRo12 | choice | OBL | 0,1,2,3,4,5,6,7,8,9,10,99 |  |  | AngiNRS12=1
SvSmRo12 | choice | OBL | 0,1,2,3,4,5,6,7,8,9,10,99 |  |  | AngiNRS12=1
StSmBev12 | choice | OBL | 0,1,2,3,4,5,6,7,8,9,10,99 |  |  | AngiNRS12=1
SvSmBev12 | choice | OBL | 0,1,2,3,4,5,6,7,8,9,10,99 |  |  | AngiNRS12=1
AkseptabelSmerte12 | choice |  | 0,1,9
Funksjon12 | choice |  | smertereg-funksjon
IntKom12 | text |  |  |  | internal
b21
Regdato21 | date | OBL
AngiNRS21 | choice | OBL | 0,1,2,3
StSmRo21 | choice | OBL | 0,1,2,3,4,5,6,7,8,9,10,99 |  |  | AngiNRS21=1
SvSmRo21 | choice | OBL | 0,1,2,3,4,5,6,7,8,9,10,99 |  |  | AngiNRS21=1
StSmBev21 | choice | OBL | 0,1,2,3,4,5,6,7,8,9,10,99 |  |  | AngiNRS21=1
SvSmBev21 | choice | OBL | 0,1,2,3,4,5,6,7,8,9,10,99 |  |  | AngiNRS21=1
AkseptabelSmerte21 | choice |  | 0,1,9
Funksjon21 | choice |  | smertereg-funksjon
IntKom21 | text |  |  |  | internal
b22
SluttDato | date | OBL
Behandler | choice |  | Lege,KonfLege,SykPleier,FysioT,Psyk,Sosio,AmbLege,AmbSykepleier |  | several
AntTilsLege | integer | OBL |  | normal[1..10] max[1..100] |  | Behandler=Lege
AntTilsKonfLege | integer | OBL |  | normal[1..10] max[1..100] |  | Behandler=KonfLege
AntKonfNotat | integer |  |  | max[0..100] | internal | Behandler=KonfLege
AntTilsSykPleier | integer | OBL |  | normal[1..10] max[1..100] |  | Behandler=SykPleier
AntTilsFysioT | integer | OBL |  | normal[1..10] max[1..100] |  | Behandler=FysioT
AntTilsPsyk | integer | OBL |  | normal[1..10] max[1..100] |  | Behandler=Psyk
AntTilsSosio | integer | OBL |  | normal[1..10] max[1..100] |  | Behandler=Sosio
AntTilsAmbLege | integer | OBL |  | normal[1..10] max[1..100] |  | Behandler=AmbLege
AntTilsAmbSpl | integer | OBL |  | normal[1..10] max[1..100] |  | Behandler=AmbSykepleier
RadBehandlerAST | boolean |  |  |  | retired hidden readOnly
AntTilsRadBehandlerAST | integer |  |  |  | retired hidden readOnly
Prest | boolean |  |  |  | retired hidden readOnly
AntTilsPrest | integer |  |  |  | retired hidden readOnly
AntPasTils | integer | OBL |  | normal[5..25] max[0..99]
TotTid | integer | OBL |  | normal[1..100] max[1..500]
TotTidForslag | integer |  |  |  | internal readOnly
MedBeh22 | choice | OBL | 0,1,9
MedBeh22Type | choice |  | Op22,NOp22,KoAn22,Bzd22 |  | several | MedBeh22=1
Opioider22 | group |  |  |  |  | MedBeh22Type=Op22
AlvRespDepr | choice | OBL | 0,1,9 |  |  | MedBeh22Type=Op22
RespDeprTiltak | choice |  | Ingen1a,O2beh,Motgift1a,ForstOvervaakn,IntensivBeh,Resuc,RespiratorBeh |  | several | AlvRespDepr=1
IkkeMedBeh | choice | OBL | 0,1,9
PSBeh | choice | OBL | 0,1,9 |  |  | IkkeMedBeh=1
FysioBeh | choice | OBL | 0,1,9 |  |  | IkkeMedBeh=1
AnnenIkkeMedBeh | choice | OBL | 0,1,9 |  |  | IkkeMedBeh=1
SentralBlokk | choice | OBL | 0,1,9
SentralBlokkType | choice |  | EDA,SA |  | several | SentralBlokk=1
SentralBlokkMed | choice |  | Opbehd221d,LAbehd221d,KoAbedel221d,Annetbehd221d |  | several | SentralBlokk=1
Kompl1d | choice | OBL | 0,1,9 |  |  | SentralBlokk=1
Kompl1dHvilke | choice |  | ISEDHematom,Meningitt,EDabsc,NervSkad1d,MigKat,IvinjLA,PShodepine,FallpgaLA,LekCSF |  | several | Kompl1d=1
Kompl1dTiltak | choice |  | Ingen1d,Operasjon1d,AbBeh1d,FjernKat1d,Bloodpatch,Sengeleie,FzKoff,EndrMed |  | several | Kompl1d=1
Annet1d | boolean |  |  |  | retired hidden readOnly
PeriferBlokk | choice | OBL | 0,1,9
PeriferBlokkType | choice |  | PlBrachBlok,PVB,ICB,PECS,TAP,Femblok,Ischiasblok,PLB,FICB,SPB,AnnenBlok |  | several | PeriferBlokk=1
PlexusBrachialis | choice |  | Intersc,Supraclav,Infraklav,Axil |  | several | PeriferBlokkType=PlBrachBlok
PECSUnderkat | choice |  | Underkat1,Underkat2 |  | several | PeriferBlokkType=PECS
Femoral | choice |  | AdKanalblok |  | several | PeriferBlokkType=Femblok
Ischiadicus | choice |  | Subglut,Popliteal |  | several | PeriferBlokkType=Ischiasblok
PeriferBlokkMetode | choice |  | SShot,Infusjon |  | several | PeriferBlokk=1
Kompl1e | choice | OBL | 0,1,9 |  |  | PeriferBlokk=1
Kompl1eHvilke | choice |  | NervSkad1e,Infeksjon1e,IvInjLA1e,Intox1e |  | several | Kompl1e=1
Kompl1eTiltak | choice |  | Ingen1e,Op1e,AbBeh1e,FjernKat1e,EndretMedInt1e |  | several | Kompl1e=1
Annet1e | boolean |  |  |  | retired hidden readOnly
VidereOppf | choice | OBL | 0,1,9
BehNedtrappAvsluttTils | choice | OBL | 0,1,9 |  |  | VidereOppf=1
AarsakVedNei | choice | OBL | 1,2,9 |  |  | BehNedtrappAvsluttTils=0
NedtrappTiltak | choice |  | Journalnotat,PlanLevertPas,UtdeltOpioidbrosjyre,OppfolgAvdeling |  | several | BehNedtrappAvsluttTils=1
KontFastlege | choice | OBL | 0,1,2,3 |  |  | VidereOppf=1
OppfanneInst | choice |  | 0,1,2,3 |  | retired hidden readOnly
OppfSmeKl | choice | OBL? | 0,1,9
IntKom22 | text |  |  |  | internal
`;

function line(item: QuestionnaireItem): string {
  const extensions = new Map(
    (item.extension ?? []).map((each) => [each.url.split('/').pop()?.replace('questionnaire-', ''), each]),
  );
  const range = (name: string, least: string, most: string): string[] =>
    extensions.has(least)
      ? [`${name}[${extensions.get(least)?.valueInteger}..${extensions.get(most)?.valueInteger}]`]
      : [];
  const codes = (item.answerOption ?? []).flatMap(({ valueCoding }) => valueCoding?.code ?? []);
  const marks = ['retired', 'internal', 'hidden'].filter((name) => extensions.get(name)?.valueBoolean === true);
  return [
    item.linkId,
    item.type,
    item.required === true ? 'OBL' : '_required' in item ? 'OBL?' : '',
    codes.length > 0 ? codes.join() : (item.answerValueSet?.split('/').pop() ?? ''),
    [...range('normal', 'softMinValue', 'softMaxValue'), ...range('max', 'minValue', 'maxValue')].join(' '),
    [...marks, ...(item.readOnly === true ? ['readOnly'] : []), ...(item.repeats === true ? ['several'] : [])].join(
      ' ',
    ),
    (item.enableWhen ?? [])
      .map(({ question, answerCoding, answerInteger }) => `${question}=${answerCoding?.code ?? answerInteger}`)
      .join(' '),
  ]
    .join(' | ')
    .replace(/[ |]+$/, '');
}

describe('every variable is there, with its codes, limits and sub-questions', () => {
  const expected = new Map(
    EXPECTED.trim()
      .split(/\n(?=po$|to$|b12$|b21$|b22$)/m)
      .map((part) => part.split('\n'))
      .map(([name = '', ...lines]) => [name, lines]),
  );

  it.each(NAMES)('%s', (name) => {
    const variables = (forms[name].item ?? []).filter(({ type }) => type !== 'display');
    expect(variables.map(line)).toEqual(expected.get(name));
  });
});

it('whoever counts visits in B2.2 is reminded of the visits to the patient, whoever made them (manual 1.8, B 2.2)', () => {
  const items = forms.b22.item ?? [];
  const reminder = items.find(({ type }) => type === 'display');
  const counts = items.filter(({ text, readOnly }) => text?.startsWith('Antall tilsyn: ') && readOnly !== true);
  expect(counts.length).toBe(8);
  expect(reminder?.enableWhen).toEqual(
    counts.map(({ linkId }) => ({ question: linkId, operator: 'exists', answerBoolean: true })),
  );
  expect(reminder?.enableBehavior).toBe('any');
  // it stands between what is counted and what is to be updated
  const at = (linkId: string | undefined) => items.findIndex((item) => item.linkId === linkId);
  expect(at(reminder?.linkId)).toBeGreaterThan(Math.max(...counts.map(({ linkId }) => at(linkId))));
  expect(at(reminder?.linkId)).toBeLessThan(at('AntPasTils'));
});

it('"Ingen" of a list of measures excludes all others', () => {
  const exclusive = (forms.b22.item ?? []).flatMap(({ answerOption }) =>
    (answerOption ?? []).flatMap(({ extension, valueCoding }) =>
      extension?.some(({ url, valueBoolean }) => url.endsWith('questionnaire-optionExclusive') && valueBoolean)
        ? (valueCoding?.code ?? [])
        : [],
    ),
  );
  expect(exclusive).toEqual(['Ingen1a', 'Ingen1d', 'Ingen1e']);
});

it('help is in items of their own, which the answers have nothing to do with', () => {
  const helped = Object.values(forms).flatMap(({ item = [] }) =>
    item.filter((each) => each.item?.[0]?.type === 'display'),
  );
  expect(helped.length).toBeGreaterThan(40);
  for (const { linkId, item } of helped) {
    expect(item?.[0]).toMatchObject({
      linkId: `${linkId}-hjelp`,
      extension: [{ valueCodeableConcept: { coding: [{ code: 'help' }] } }],
    });
  }
});

describe('TO', () => {
  const form = compileForm(forms.to);
  const calculated = (item: QuestionnaireResponseItem[], birthDate: string | undefined) => {
    const patient = { resourceType: 'Patient', ...(birthDate === undefined ? {} : { birthDate }) };
    const response = { resourceType: 'QuestionnaireResponse' as const, status: 'in-progress' as const, item };
    return openForm(form, response, { now, launch: { patient } })
      .calculated()
      .map(({ item: { linkId }, answers }) => `${linkId} ${answers?.[0]?.valueInteger ?? ''}`.trim());
  };
  const criteria = (norsk?: string, svekket?: string) => [
    date('StartdatoTO', '2026-03-02'),
    ...(norsk === undefined ? [] : [ja('Norsktalende', norsk, 'smertereg-ja-nei')]),
    ...(svekket === undefined ? [] : [ja('KognSvekket', svekket, 'smertereg-ja-nei')]),
  ];

  it.each([
    ['1969-11-13', '56', '1'],
    ['2008-03-02', '18', '1'],
    ['2008-03-03', '17', '0'],
    [undefined, '', ''],
  ])('born %s: %s years old at the start, criteria %s', (birthDate, years, met) => {
    expect(calculated(criteria('1', '0'), birthDate)).toEqual([`alder ${years}`.trim(), `InklKritOppf ${met}`.trim()]);
  });

  it.each([
    ['1', '0', '1'],
    ['1', undefined, ''],
    [undefined, '0', ''],
    ['0', undefined, '0'],
    [undefined, '1', '0'],
    ['1', '1', '0'],
  ])('Norwegian %s, impaired %s: criteria %s', (norsk, svekket, met) => {
    expect(calculated(criteria(norsk, svekket), '1969-11-13')).toContain(`InklKritOppf ${met}`.trim());
  });

  it('someone who is born on 29 February is a year older on the 28th, as the protocol reckons', () => {
    const at = (start: string) =>
      calculated([date('StartdatoTO', start), ...criteria('1', '0').slice(1)], '2008-02-29');
    expect(at('2026-02-27')).toEqual(['alder 17', 'InklKritOppf 0']);
    expect(at('2026-02-28')).toEqual(['alder 18', 'InklKritOppf 1']);
  });
});

describe('B1.2 and B2.1', () => {
  it.each(['12', '21'] as const)(
    'B%s: a weakest pain above the strongest is asked about, one that is unknown is not',
    (s) => {
      const form = compileForm(forms[`b${s}`]);
      const warnings = (rest: [string, string], motion: [string, string]) =>
        validateResponse(
          form,
          {
            ...{ resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire: form.url },
            ...{ subject: { reference: 'Patient/1' }, authored: '2026-03-02T08:00:00Z' },
            item: [
              date(`Regdato${s}`, '2026-03-02'),
              ja(`AngiNRS${s}`, '1', 'smertereg-angi-nrs'),
              ...[`StSmRo${s}`, `SvSmRo${s}`].map((linkId, index) => ja(linkId, rest[index] ?? '', 'smertereg-nrs')),
              ...[`StSmBev${s}`, `SvSmBev${s}`].map((linkId, index) =>
                ja(linkId, motion[index] ?? '', 'smertereg-nrs'),
              ),
            ],
          },
          { now },
        ).map(({ severity, details }) => `${severity} ${details?.code}`);
      expect(warnings(['5', '3'], ['10', '10'])).toEqual([]);
      expect(warnings(['99', '3'], ['7', '99'])).toEqual([]);
      expect(warnings(['3', '5'], ['9', '10'])).toEqual(['warning constraintWarning', 'warning constraintWarning']);
    },
  );
});

describe('B2.2', () => {
  const form = compileForm(forms.b22);
  const suggested = (behandler: string[], ...counts: QuestionnaireResponseItem[]) => {
    const coding = (code: string) => ({
      valueCoding: { system: 'https://svar.example.org/fhir/CodeSystem/smertereg-behandler-b22', code },
    });
    const item = [{ linkId: 'Behandler', answer: behandler.map(coding) }, ...counts];
    const response = { resourceType: 'QuestionnaireResponse' as const, status: 'in-progress' as const, item };
    return openForm(form, response, { now })
      .calculated()
      .find(({ item: { linkId } }) => linkId === 'TotTidForslag')?.answers?.[0]?.valueInteger;
  };

  it('time is suggested by the manual: an hour a visit, a conference a quarter, or half an hour with a note, rounded up', () => {
    expect(suggested(['Lege', 'SykPleier'], number('AntTilsLege', 2), number('AntTilsSykPleier', 3))).toBe(5);
    expect(suggested(['KonfLege', 'SykPleier'], number('AntTilsKonfLege', 1), number('AntTilsSykPleier', 1))).toBe(2);
    expect(suggested(['KonfLege', 'SykPleier'], number('AntTilsKonfLege', 4), number('AntTilsSykPleier', 1))).toBe(2);
    const noted = [number('AntTilsKonfLege', 4), number('AntKonfNotat', 1), number('AntTilsSykPleier', 1)];
    expect(suggested(['KonfLege', 'SykPleier'], ...noted)).toBe(3);
    expect(suggested(['AmbLege', 'AmbSykepleier', 'Psyk', 'Sosio', 'FysioT'], number('AntTilsAmbSpl', 7))).toBe(7);
    expect(suggested([])).toBeUndefined();
  });
});
