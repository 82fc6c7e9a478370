import { readdirSync, readFileSync } from 'node:fs';
import type { Questionnaire, QuestionnaireItem, ValueSet } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';

const read = <T>(path: string): T => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as T;
const form = read<Questionnaire>('smertereg-b11.json');
const extensions = 'https://svar.example.org/fhir/StructureDefinition/questionnaire-';

function all(items: readonly QuestionnaireItem[] | undefined): QuestionnaireItem[] {
  return (items ?? []).flatMap((item) => [item, ...all(item.item)]);
}

const items = all(form.item).filter(({ type }) => type !== 'display');
const item = (linkId: string) => items.find((one) => one.linkId === linkId);
const codes = (linkId: string) =>
  (item(linkId)?.answerOption ?? []).flatMap(({ valueCoding }) => valueCoding?.code ?? []);

/** The registry's columns that the form fills: an item each, or of a row of tick boxes the option codes. */
const columns = items.flatMap(({ linkId, type, repeats }) =>
  type === 'group' ? [] : repeats === true ? codes(linkId) : [linkId],
);

/** Columns of the tables emp11 and emp11_pain_diagnosis, by their names in the analysis; DD and OMEQ of a drug together. */
const doses = [
  ...['MoTbl', 'MoDep', 'MoIv', 'OxKps', 'OxDep', 'OxIv', 'BuvWDepIn', 'BuvMDepIn', 'BuPl', 'BuTbl', 'FePl'],
  ...['FeTblSpray', 'FeIV', 'HyKps', 'HyDepKps', 'HyIv', 'KeIv', 'KeTbl', 'PeSupp', 'PeIm', 'CoTbl', 'TrKps'],
  ...['TrDepTbl', 'TaDepTbl', 'TaMiksTbl', 'MetMikst', 'MetIv'],
];
const registry = [
  ...['RegDato11', 'Lokasjon', 'InnlAvd', 'InnlDiag', 'InnlDiagVersj', 'AkuttLang'],
  ...['SmerteKat', 'DiagKat', 'DiagSubKat', 'ICD10Kode', 'HovedDiag'],
  ...['Ingen4a', 'NonOpioid4a', 'Opioid4a', 'Benzo4a', 'KoAnalg4a', 'Vetikke4a'],
  ...['Ingen4b', 'NonOpioid4b', 'Opioid4b', 'Benzo4b', 'KoAnalg4b', 'Vetikke4b'],
  ...doses.flatMap((dose) => [`DD${dose}`, `OMEQ${dose}`]),
  ...['MoEkvivalens', 'UhenBrukMed', 'SentralBlokkB11', 'EDAB11', 'SAB11'],
  ...['Opbehd', 'LAbehd', 'KoAbedel', 'Annetbehd', 'PeriferBlokkB11'],
  ...['PlBrachBlokB11', 'PVBB11', 'ICBB11', 'PECSB11', 'TAPB11', 'FemblokB11', 'IschiasblokB11', 'PLBB11'],
  ...['FICBB11', 'SPBB11', 'AnnenBlokB11', 'InterscB11', 'SupraclavB11', 'InfraclavB11', 'AxilB11'],
  ...['PECSUnderkat1B11', 'PECSUnderkat2B11', 'AdKanalblokB11', 'SubglutB11', 'PopliteaB11'],
  ...['SShotB11', 'InfusjonB11', 'TidligereRus', 'PaagaaRus', 'LAR'],
  ...['AvdRegSmIntensSD', 'AvdRegSmIntensSDMangler', 'IntKom11'],
];

it('has the registry’s columns, each once', () => {
  expect(columns).toEqual(registry);
});

describe('the answer codes are those of the registry', () => {
  it.each([
    ['SmerteKat', '1234'],
    ['DiagKat', '12391234567'],
    ['DiagSubKat', 'abcdefghijklmno'],
    ['HovedDiag', '01'],
    ['UhenBrukMed', '012'],
    ['SentralBlokkB11', '019'],
    ['PeriferBlokkB11', '019'],
    ['TidligereRus', '012'],
    ['PaagaaRus', '012'],
    ['LAR', '012'],
  ])('%s: %s', (linkId, expected) => {
    expect(codes(linkId).join('')).toBe(expected);
  });
});

it('what the code book calls obligatory must be answered', () => {
  expect(items.filter(({ required }) => required === true).map(({ linkId }) => linkId)).toEqual([
    ...['RegDato11', 'Lokasjon', 'InnlAvd', 'SmerteKat', 'UhenBrukMed', 'TidligereRus', 'PaagaaRus', 'LAR'],
  ]);
});

it('what manual 1.8 no longer has is for import only, and the internal comment is not exported', () => {
  const marked = (name: string) =>
    items
      .filter(({ extension }) =>
        extension?.some(({ url, valueBoolean }) => url === extensions + name && valueBoolean === true),
      )
      .map(({ linkId }) => linkId);
  expect(marked('retired')).toEqual([
    ...['InnlDiag', 'InnlDiagVersj', 'AkuttLang', 'AvdRegSmIntensSD', 'AvdRegSmIntensSDMangler'],
  ]);
  expect(marked('internal')).toEqual(['IntKom11']);
});

it('doses have the limits of the registry’s columns, decimal(5,1)', () => {
  for (const dose of doses) {
    const limits = item(`DD${dose}`)?.extension?.flatMap(({ url, valueDecimal, valueInteger }) =>
      /minValue|maxValue|maxDecimalPlaces/.test(url) ? [valueDecimal ?? valueInteger] : [],
    );
    expect([dose, limits]).toEqual([dose, [0, 9999.9, 1]]);
    expect(item(`OMEQ${dose}`)?.readOnly).toBe(true);
  }
});

/** The code book's short lists; what is not ICD-10 for what it stands for is the registry's own. */
const lists: Readonly<Record<string, string>> = {
  a: 'M79.7 R52.9',
  b:
    'M25.51 M25.52 M25.53 M25.54 M25.55 M25.56 M25.57 M79.61 M79.62 M79.63 M79.64 M79.65 M79.66 M79.67 M53.1 M54.2 ' +
    'M54.6 M54.5 M89.0 R07.3',
  c: 'R07.0 R07.4 R10.1 R10.2 R10.3 R10.4 K58',
  e: 'G54.6 M89.0 G56.4 M96 M96.0 M96.1 T90 S13.4 T91.9 T92.9 T93.9',
  f: 'G53.0 G58.0 G59.0 G62.8 G62.9 M79.2 G35 T11.3 T13.3 own:M54.1x own:M54.1y',
  g: 'G95.8 I69.4 T91.3',
  h: 'G54.6 G56.4',
  i: 'G43.0 G43.1 G44 G44.0 G44.2 G44.3 G44.8 K07.6',
  j: 'G44.4 G44.8 R51',
  k: 'G50.0 G50.1',
  l: 'K50 own:G51 own:R51',
  m: 'M45 M06',
  n: 'M16 M17 M80',
  o: 'M75.0',
};

describe('chronic pain has the code book’s short lists', () => {
  const folder = '../../../terminology/value-sets/smertereg/';

  it('one for each sub-category but cancer pain, which takes C diagnoses', () => {
    const names = readdirSync(new URL(folder, import.meta.url)).flatMap(
      (name) => /^smertereg-smertediagnose-(\w)\.json$/.exec(name)?.[1] ?? [],
    );
    expect(names.sort()).toEqual(Object.keys(lists));
    expect(codes('DiagSubKat').filter((code) => !(code in lists))).toEqual(['d']);
  });

  it.each(Object.entries(lists))('%s: %s', (name, expected) => {
    const { compose } = read<ValueSet>(`${folder}smertereg-smertediagnose-${name}.json`);
    const listed = compose?.include.flatMap(({ system, concept }) =>
      (concept ?? []).map(({ code }) => (system === 'http://hl7.org/fhir/sid/icd-10-no' ? code : `own:${code}`)),
    );
    expect(listed?.join(' ')).toBe(expected);
  });
});

describe('exclusive options lock the others', () => {
  it.each(['4a', '4b'])('%s', (x) => {
    const alone = item(`Analgetika${x}`)?.answerOption?.flatMap(({ extension, valueCoding }) =>
      extension?.some(({ url }) => url.endsWith('optionExclusive')) ? [valueCoding?.code] : [],
    );
    expect(alone).toEqual([`Ingen${x}`, `Vetikke${x}`]);
  });
});
