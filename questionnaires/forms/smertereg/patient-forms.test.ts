import { readFileSync } from 'node:fs';
import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';

function form(name: string): Questionnaire {
  return JSON.parse(readFileSync(new URL(`smertereg-${name}.json`, import.meta.url), 'utf8')) as Questionnaire;
}

/** The registry's columns that a form fills: an item each, or of a row of tick boxes the option codes. */
function columns(name: string): string[] {
  return (form(name).item ?? []).flatMap((item) => (item.repeats === true ? codes(item) : [item.linkId]));
}

function codes(item: QuestionnaireItem | undefined): string[] {
  return (item?.answerOption ?? []).flatMap(({ valueCoding }) => valueCoding?.code ?? []);
}

function item(name: string, linkId: string): QuestionnaireItem | undefined {
  return form(name).item?.find((one) => one.linkId === linkId);
}

/** What must have been answered for a question to be asked. */
function gate(name: string, linkId: string): string[] {
  return (item(name, linkId)?.enableWhen ?? []).map(
    ({ question, operator, answerCoding, answerBoolean }) =>
      `${question} ${operator} ${answerCoding?.code ?? answerBoolean}`,
  );
}

describe('the columns are those of the registry, but for whether and why not filled in, which the order tells', () => {
  it('Pasreg', () => {
    expect(columns('pasreg')).toEqual([
      ...['DatoUfylPR', 'PRSpm1', 'PRSpm2', 'PRSpm3', 'PRSpm3Mangler', 'PRSpm4', 'PRSpm5', 'PRSpm6'],
    ]);
  });

  it('Eval', () => {
    expect(columns('eval')).toEqual([
      ...['DatoUfylEval', 'HuskerSmerteteam'],
      ...Array.from({ length: 11 }, (_, index) => `EvalSpm${index + 1}`),
    ]);
  });

  it('Opioid', () => {
    expect(columns('opioid')).toEqual([
      ...['DatoUtfylOpioid', 'Utskrevetsykehus', 'Smstilletterutskrivelse'],
      ...['DolcontinMalfin', 'FentanylplDurogesicpl', 'Metadon', 'Morfin', 'Norspanplaster', 'OxyxontinReltebon'],
      ...['OxynormOxykodon', 'Palexia', 'PalladonHydromorfon', 'Paralginforte', 'Buprenorfin', 'Targiniq'],
      ...['Tramadolvarianter', 'Andre', 'Usikker', 'Fortsattbruk', 'InfoNedtrapping', 'HvemInfoNedtrapping'],
      ...['MuntligInfoNedtrapp', 'SkriftligNedtrappingsplan', 'InfoBrosjyreNedtrapp', 'FolgeAnbefalingNedtrapp'],
      ...['OpplevdAbstinenssympt', 'ForstodAbstinenssympt', 'LosningProblemAbstinens', 'OpplevdPlagsomTretthet'],
      ...['LosningProblemTretthet', 'InfoSmertestillBilkjoring', 'HvemInfoSmertestillBilkjoring'],
      ...['MuntligInfoBilkjoring', 'SkriftigInfoBilkjoring', 'InfoBrosyjreBilkjoring', 'HenvendelseAngSmertestill'],
      ...['InfoBrukNedtrapp', 'InfoSmstillBilkjoring', 'InfoAbstinenser', 'InfoBivirkninger', 'TettOppfolging'],
    ]);
  });
});

describe('the answer codes are those of the registry', () => {
  it.each([
    ['pasreg', 'PRSpm1', '123459'],
    ['pasreg', 'PRSpm2', '123459'],
    ['pasreg', 'PRSpm4', '019'],
    ['pasreg', 'PRSpm5', '01234569'],
    ['pasreg', 'PRSpm6', '01234569'],
    ['eval', 'HuskerSmerteteam', '12'],
    ['eval', 'EvalSpm1', '12345679'],
    ['eval', 'EvalSpm2', '12345679'],
    ['eval', 'EvalSpm3', '123459'],
    ['eval', 'EvalSpm11', '123459'],
    ['opioid', 'Utskrevetsykehus', '01'],
    ['opioid', 'Fortsattbruk', '0123'],
    ['opioid', 'HvemInfoNedtrapping', '1239'],
    ['opioid', 'FolgeAnbefalingNedtrapp', '1234'],
    ['opioid', 'OpplevdAbstinenssympt', '019'],
    ['opioid', 'OpplevdPlagsomTretthet', '01'],
    ['opioid', 'InfoSmertestillBilkjoring', '019'],
    ['opioid', 'HvemInfoSmertestillBilkjoring', '1239'],
  ])('%s %s: %s', (name, linkId, expected) => {
    expect(codes(item(name, linkId)).join('')).toBe(expected);
  });

  it('"don\'t know" has no weight anywhere', () => {
    for (const name of ['pasreg', 'eval', 'opioid']) {
      for (const { answerOption } of form(name).item ?? []) {
        const nine = answerOption?.find(({ valueCoding }) => valueCoding?.code === '9');
        expect(nine?.valueCoding?.extension).toBeUndefined();
      }
    }
  });
});

describe('a question is asked only where it applies', () => {
  it('the number of contacts, unless the patient does not know it', () => {
    expect(gate('pasreg', 'PRSpm3')).toEqual(['PRSpm3Mangler != true']);
  });

  it('Eval, of those who remember the pain team', () => {
    for (let number = 1; number <= 11; number += 1) {
      expect(gate('eval', `EvalSpm${number}`)).toEqual(['HuskerSmerteteam = 1']);
    }
  });

  it('Opioid, of those who were discharged and have used strong analgesics since', () => {
    expect(gate('opioid', 'Smstilletterutskrivelse')).toEqual(['Utskrevetsykehus = 1']);
    const rest = (form('opioid').item ?? []).slice(3);
    expect(rest.filter(({ enableWhen }) => enableWhen === undefined)).toEqual([]);
    expect(gate('opioid', 'Medikamenter')).toEqual(['Smstilletterutskrivelse = 1']);
    expect(gate('opioid', 'HvemInfoNedtrapping')).toEqual(['InfoNedtrapping = 1']);
    expect(gate('opioid', 'LosningProblemAbstinens')).toEqual(['OpplevdAbstinenssympt = 1']);
    expect(gate('opioid', 'InfoBilkjoringHvordan')).toEqual(['InfoSmertestillBilkjoring = 1']);
  });
});

describe('exclusive options, limits and help', () => {
  const exclusiveUrl = 'http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive';

  it('who is uncertain which medicines it was has ticked no other', () => {
    const alone = item('opioid', 'Medikamenter')?.answerOption?.flatMap(({ extension, valueCoding }) =>
      extension?.some(({ url, valueBoolean }) => url === exclusiveUrl && valueBoolean === true)
        ? [valueCoding?.code]
        : [],
    );
    expect(alone).toEqual(['Usikker']);
  });

  it('contacts are 0 to 999, usually no more than 100', () => {
    const limits = item('pasreg', 'PRSpm3')?.extension?.map(({ url, valueInteger }) => [
      url.split(/[/-]/).at(-1),
      valueInteger,
    ]);
    expect(limits).toEqual([
      ['minValue', 0],
      ['maxValue', 999],
      ['softMaxValue', 100],
    ]);
  });

  it.each([
    ['pasreg', ['PRSpm1', 'PRSpm3', 'PRSpm4']],
    ['eval', ['HuskerSmerteteam', 'EvalSpm3', 'EvalSpm11']],
    [
      'opioid',
      ['Smstilletterutskrivelse', 'Medikamenter', 'FolgeAnbefalingNedtrapp', 'OpplevdAbstinenssympt', 'Behov'],
    ],
  ])('%s explains what may not be plain', (name, expected) => {
    const helped = (form(name).item ?? []).filter(({ item: inner }) => inner?.some(({ type }) => type === 'display'));
    expect(helped.map(({ linkId }) => linkId)).toEqual(expected);
  });
});
