import { describe, expect, test } from 'vitest';
import type { Access, ChangeToJudge, RowCondition, Rule } from '../model/access.ts';
import type { Caller } from '../model/caller.ts';
import type { IndexRows } from '../model/index-rows.ts';
import { changeGrant, withinReach } from './change-grant.ts';

const caller = (access: Caller['access']): Caller => ({ name: 'x', kind: 'client', access });
const withRules = (...rules: Rule[]): Caller => caller({ key: 'k', rules });
const rule = (fields: Partial<Rule> = {}): Rule => ({
  types: ['Task'],
  acts: ['create', 'update', 'delete'],
  ...fields,
});
const rows: IndexRows = { tokens: ['t'], ranges: [], strings: [], present: [], date: undefined };
const update: ChangeToJudge = { act: 'update', before: 'b', after: 'a' };
const where = (holds: boolean): RowCondition => ({ key: String(holds), sql: () => 'true', holds: () => holds });

function accessOf(one: Caller | undefined): Access {
  if (one === undefined || typeof one.access === 'string') {
    throw new Error('no rules');
  }
  return one.access;
}
const rulesOf = (one: Caller | undefined): readonly Rule[] => accessOf(one).rules;

function speaking(rules: readonly Rule[], change = update, of: IndexRows | undefined = rows) {
  const grant = changeGrant(withRules(...rules), 'Task', change, of);
  return { act: grant?.act, current: rulesOf(grant?.current), planned: rulesOf(grant?.planned) };
}

describe('what speaks for a change', () => {
  test('is not asked of a caller who may do everything, and is nothing for one who may do nothing', () => {
    expect(changeGrant(caller('all'), 'Task', update, rows)).toBeUndefined();
    const none = changeGrant(caller('none'), 'Task', update, rows);
    expect([none?.act, rulesOf(none?.current), rulesOf(none?.planned)]).toEqual(['update', [], []]);
  });

  test('are rules of its type and act', () => {
    const right = rule({ patient: '1' });
    const rules = [rule({ types: ['Patient'] }), rule({ acts: ['create', 'delete'] }), rule({ types: [] }), right];
    expect(speaking(rules)).toEqual({ act: 'update', current: [right], planned: [right] });
  });

  test('is a rule on changes where it holds for what was there and what will be', () => {
    const seen: ChangeToJudge[] = [];
    const told = (answer: boolean): Rule =>
      rule({
        when: (change) => {
          seen.push(change);
          return answer;
        },
      });
    const yes = told(true);
    expect(speaking([yes, told(false)])).toEqual({ act: 'update', current: [yes], planned: [yes] });
    expect(seen).toEqual([update, update]);
  });

  test('is for the new row a rule whose conditions all hold, which need not be asked again; the row that is there is asked', () => {
    const both = rule({ where: [where(true), where(true)], patient: '1' });
    const one = rule({ where: [where(true), where(false)], patient: '2' });
    const { current, planned } = speaking([both, one]);
    expect(current).toEqual([both, one]);
    expect(planned).toEqual([rule({ patient: '1' })]);
  });

  test('is nothing for the new row of a deletion', () => {
    const deletion: ChangeToJudge = { act: 'delete', before: 'b', after: undefined };
    const grant = changeGrant(withRules(rule()), 'Task', deletion, undefined);
    expect([grant?.act, rulesOf(grant?.current), rulesOf(grant?.planned)]).toEqual(['delete', [rule()], []]);
  });

  test('has a key of its own for each choice of rules, since statements are shared by key', () => {
    const keys = [[rule()], [rule({ types: ['Patient'] }), rule()], [rule(), rule()]].flatMap((rules) => {
      const grant = changeGrant(withRules(...rules), 'Task', update, rows);
      return [grant?.current, grant?.planned].map((one) => accessOf(one).key);
    });
    expect(keys).toEqual([
      'k current 0',
      'k planned 0',
      'k current 1',
      'k planned 1',
      'k current 0,1',
      'k planned 0,1',
    ]);
  });
});

describe('what a caller reaches in whatever way', () => {
  const types = ['Patient', 'Task'];

  test('is the data of the patients that its rules are about, of all types, to be read', () => {
    const ties = { labels: ['Organization/h'], anchors: ['7'] };
    const wide = withinReach(
      withRules(
        rule({ ties, where: [where(false)], when: () => false }),
        rule({ patient: '1' }),
        rule({ patient: '2', ties }),
      ),
      types,
    );
    expect(rulesOf(wide)).toStrictEqual([
      { types, acts: ['read'], ties },
      { types, acts: ['read'], patient: '1' },
      { types, acts: ['read'], ties, patient: '2' },
    ]);
    expect(accessOf(wide).key).toBe('k reach');
  });

  test('is of no other types where a rule is about no patient and no ties', () => {
    expect(rulesOf(withinReach(withRules(rule()), types))).toStrictEqual([{ types: ['Task'], acts: ['read'] }]);
  });

  test('is what it is without rules', () => {
    expect(withinReach(caller('all'), types).access).toBe('all');
    expect(withinReach(caller('none'), types).access).toBe('none');
    expect(rulesOf(withinReach(withRules(), types))).toEqual([]);
  });

  test('is remembered for the access alone', () => {
    const access = { key: 'k', rules: [rule({ patient: '1' })] };
    expect(withinReach(caller(access), types)).toBe(withinReach(caller(access), types));
    expect(withinReach(withRules(), types)).not.toBe(withinReach(caller(access), types));
  });
});
