import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { instrument, table, tableText } from '../../../tests/kit/instrument.ts';

/** T scores of raw sums 4 to 20, and their standard errors, apart from the tables. */
const printed: Record<string, { items: string; t: string; se: string; digest: string }> = {
  'physical-function v2.0': {
    items: 'PFA11 PFA21 PFA23 PFA53',
    t: '22.9 26.9 29.1 30.7 32.1 33.3 34.4 35.6 36.7 37.9 39.1 40.4 41.8 43.4 45.3 48.0 56.9',
    se: '3.9 2.7 2.4 2.2 2.2 2.1 2.1 2.1 2.1 2.2 2.2 2.2 2.3 2.4 2.6 3.1 6.7',
    digest: '9115a222d45dc561',
  },
  'physical-function v2.1': {
    items: 'PFA11 PFA21 PFA23 PFA53',
    t: '22.5 26.6 28.9 30.5 31.9 33.2 34.4 35.6 36.7 37.9 39.2 40.5 41.9 43.5 45.5 48.3 57.0',
    se: '4.0 2.8 2.5 2.4 2.3 2.3 2.3 2.3 2.3 2.3 2.4 2.4 2.5 2.6 2.8 3.3 6.6',
    digest: 'f1cc7e07800fbfab',
  },
  anxiety: {
    items: 'EDANX01 EDANX40 EDANX41 EDANX53',
    t: '40.3 48.0 51.2 53.7 55.8 57.7 59.5 61.4 63.4 65.3 67.3 69.3 71.2 73.3 75.4 77.9 81.6',
    se: '6.1 3.6 3.1 2.8 2.7 2.6 2.6 2.6 2.6 2.7 2.7 2.7 2.7 2.7 2.7 2.9 3.7',
    digest: '5f80585e52a07321',
  },
  depression: {
    items: 'EDDEP04 EDDEP06 EDDEP29 EDDEP41',
    t: '41.0 49.0 51.8 53.9 55.7 57.3 58.9 60.5 62.2 63.9 65.7 67.5 69.4 71.2 73.3 75.7 79.4',
    se: '6.2 3.2 2.7 2.4 2.3 2.3 2.3 2.3 2.3 2.3 2.3 2.3 2.3 2.4 2.4 2.6 3.6',
    digest: '5edae19231c93188',
  },
  fatigue: {
    items: 'HI7 AN3 FATEXP41 FATEXP40',
    t: '33.7 39.7 43.1 46.0 48.6 51.0 53.1 55.1 57.0 58.8 60.7 62.7 64.6 66.7 69.0 71.6 75.8',
    se: '4.9 3.1 2.7 2.6 2.5 2.5 2.4 2.4 2.3 2.3 2.3 2.4 2.4 2.4 2.5 2.7 3.9',
    digest: '4a6a27d03086f931',
  },
  'sleep-disturbance': {
    items: 'Sleep109 Sleep116 Sleep20 Sleep44',
    t: '32.0 37.5 41.1 43.8 46.2 48.4 50.5 52.4 54.3 56.1 57.9 59.8 61.7 63.8 66.0 68.8 73.3',
    se: '5.2 4.0 3.7 3.5 3.5 3.4 3.4 3.4 3.4 3.4 3.3 3.3 3.3 3.4 3.4 3.7 4.6',
    digest: 'a623e44801b65d5e',
  },
  'social-roles': {
    items: 'SRPPER11_CaPS SRPPER18_CaPS SRPPER23_CaPS SRPPER46_CaPS',
    t: '27.5 31.8 34.0 35.7 37.3 38.8 40.5 42.3 44.2 46.2 48.1 50.0 51.9 53.7 55.8 58.3 64.2',
    se: '4.1 2.5 2.3 2.2 2.1 2.2 2.3 2.3 2.3 2.3 2.2 2.2 2.2 2.3 2.3 2.7 5.1',
    digest: 'e8b358f18cf161af',
  },
  'pain-interference': {
    items: 'PAININ9 PAININ22 PAININ31 PAININ34',
    t: '41.6 49.6 52.0 53.9 55.6 57.1 58.5 59.9 61.2 62.5 63.8 65.2 66.6 68.0 69.7 71.6 75.6',
    se: '6.1 2.5 2.0 1.9 1.9 1.9 1.8 1.8 1.8 1.8 1.8 1.8 1.8 1.8 1.9 2.1 3.7',
    digest: '40401ecc5111d7a9',
  },
};

const versions = ['v2.0', 'v2.1'] as const;
const forms = { 'v2.0': instrument('promis-29-v2.0'), 'v2.1': instrument('promis-29-v2.1') };

/** Four answers of 1 to 5 with this sum: as unlike each other as can be. */
function answersOf(items: readonly string[], sum: number): Record<string, string> {
  let rest = sum - items.length;
  return Object.fromEntries(
    items.map((item) => {
      const more = Math.min(4, rest);
      rest -= more;
      return [item, String(1 + more)];
    }),
  );
}

const rows = Object.entries(printed).flatMap(([name, { items, t, se }]) => {
  const [code = '', version] = name.split(' ');
  const errors = se.split(' ').map(Number);
  return (version === undefined ? versions : [version as 'v2.0' | 'v2.1']).flatMap((form) =>
    t
      .split(' ')
      .map((score, index) => [form, code, items.split(' '), index + 4, Number(score), errors[index]] as const),
  );
});

describe('every T score and its standard error', () => {
  it('are 17 for each of 7 scales of 2 versions', () => {
    expect(rows).toHaveLength(2 * 7 * 17);
  });

  it.each(rows)('PROMIS-29 %s %s %j: raw sum %i is T %d (SE %d)', (form, code, items, raw, value, error) => {
    const score = forms[form].score(answersOf(items, raw)).get(`promis-${code}-t`);
    expect(score).toMatchObject({ value, raw, error, answered: 4 });
  });

  it.each(Object.entries(printed))('%s: the table is as transcribed', (name, { digest }) => {
    const form = name.endsWith('v2.1') ? 'v2.1' : 'v2.0';
    const rule = forms[form].rules.scores.find(({ code }) => code === `promis-${name.split(' ')[0]}-t`);
    const id = rule?.table?.table.replace(/^.*\/(.*)\|.*$/, '$1') ?? '';
    expect(createHash('sha256').update(tableText(id)).digest('hex').slice(0, 16)).toBe(digest);
    const scores = table(id).rows.map(([, t]) => Number(t));
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
  });
});

describe('raw sum 12', () => {
  const of = (form: 'v2.0' | 'v2.1', code: string) => {
    const rule = forms[form].rules.scores.find((one) => one.code === `promis-${code}-t`);
    return forms[form].score(answersOf(rule?.items ?? [], 12)).get(`promis-${code}-t`)?.value;
  };
  it('is 36.7 in physical function: in v2.0, whose table is that of the short form v1.0', () => {
    expect(of('v2.0', 'physical-function')).toBe(36.7);
    expect(of('v2.1', 'physical-function')).toBe(36.7);
  });
  it('is 63.4 in anxiety and 61.2 in pain interference, in both versions', () => {
    for (const form of versions) {
      expect([of(form, 'anxiety'), of(form, 'pain-interference')]).toEqual([63.4, 61.2]);
    }
  });
});

it('a table of raw sums holds with all four answers only', () => {
  const scores = forms['v2.1'].score({ PFA11: '5', PFA21: '5', PFA23: '5' });
  expect(scores.get('promis-physical-function-t')).toMatchObject({
    absent: { reason: 'too-few-answered', answered: 3, of: 4, minimum: 4 },
  });
});

describe.each(versions)('PROMIS-29 %s', (form) => {
  const scales = forms[form].rules.scores.filter(({ code }) => code.endsWith('-t'));

  it('has seven scales of four, each with a T score of its own only with all four', () => {
    expect(scales).toHaveLength(7);
    const all = Object.fromEntries(scales.flatMap(({ items = [] }) => items.map((item) => [item, '3'] as const)));
    expect(Object.keys(all)).toHaveLength(28);
    for (const item of Object.keys(all)) {
      const { [item]: _left, ...rest } = all;
      const absent = [...forms[form].score(rest)].flatMap(([code, score]) => (score.value === undefined ? [code] : []));
      const own = scales.find(({ items }) => items?.includes(item))?.code;
      expect([item, absent]).toEqual([item, [own, 'promis-pain-intensity']]);
    }
  });

  it('has its answers in the printed order: from 5 down where the first is the most of the domain', () => {
    const down = (item: string): boolean => /^(PFA|SRPPER|Sleep109|Sleep116)/.test(item);
    for (const item of scales.flatMap(({ items = [] }) => items)) {
      const codes = [...(forms[form].form.items.get(item)?.options?.byCode.keys() ?? [])].join('');
      expect([item, codes]).toEqual([item, down(item) ? '54321' : '12345']);
    }
  });

  it('takes pain intensity as it is, from 0 to 10', () => {
    const intensity = (answer: number) =>
      forms[form].score({ PromisPainIntensity: answer }).get('promis-pain-intensity');
    expect([0, 10].map((answer) => intensity(answer)?.value)).toEqual([0, 10]);
    expect(intensity(11)?.absent?.reason).toBe('unreadable-answer');
    expect(forms[form].score({}).get('promis-pain-intensity')?.absent?.reason).toBe('too-few-answered');
  });
});

it('sleep is scored as printed: the two favourable questions have their codes from 5 down', () => {
  const worst = { Sleep109: '5', Sleep116: '5', Sleep20: '5', Sleep44: '5' };
  expect(forms['v2.1'].score(worst).get('promis-sleep-disturbance-t')).toMatchObject({ raw: 20, value: 73.3 });
});

it('depression has its cut-offs at 55, 60, 65 and 70', () => {
  const band = (raw: number) => {
    const items = ['EDDEP04', 'EDDEP06', 'EDDEP29', 'EDDEP41'];
    return forms['v2.1'].score(answersOf(items, raw)).get('promis-depression-t')?.band?.code;
  };
  expect([4, 8, 9, 11, 12, 14, 15, 17, 18, 20].map((raw) => [raw, band(raw)])).toEqual([
    [4, 'promis-within-normal'],
    [8, 'promis-mild'],
    [9, 'promis-mild'],
    [11, 'promis-moderate'],
    [12, 'promis-moderate'],
    [14, 'promis-moderately-severe'],
    [15, 'promis-moderately-severe'],
    [17, 'promis-severe'],
    [18, 'promis-severe'],
    [20, 'promis-severe'],
  ]);
});
