import { describe, expect, it, test } from 'vitest';
import { divides, fromItemToResponse, fromResponseToItem, needsOf } from './paths.ts';

describe('paths of Refero, on an item', () => {
  test.each([
    [
      "QuestionnaireResponse.descendants().where(linkId='a').answer.value",
      "%resource.descendants().where(linkId='a').answer.value",
    ],
    ["item.where(linkId = 'item').answer.value", "%resource.item.where(linkId = 'item').answer.value"],
    [
      'iif(item.exists(), descendants().count(), 0)',
      'iif(%resource.item.exists(), %resource.descendants().count(), 0)',
    ],
    ['(item | item).item.exists()', '(%resource.item | %resource.item).item.exists()'],
    ["%resource.item.where(item.exists() and text = 'QuestionnaireResponse.item')", undefined],
    ['%resource is QuestionnaireResponse', undefined],
    ['%resource.ofType(QuestionnaireResponse).item', undefined],
    [
      "item.answer.valueInteger + item.where(linkId = 'valueDate').answer.valueCoding.code",
      "%resource.item.answer.value.ofType(integer) + %resource.item.where(linkId = 'valueDate').answer.value.ofType(Coding).code",
    ],
    ['$this.item.select($this.text)', '%resource.item.select($this.text)'],
    ['today() - 18 years', undefined],
    ['5 div 2 mod 2 in (1 | 2) and true', undefined],
  ])('%s', (given, expected) => {
    expect(fromResponseToItem(given)).toBe(expected ?? given);
  });
});

describe('paths on an item, in Refero', () => {
  test.each([
    [
      '%resource.item.count() + (%resource.item.count())',
      'QuestionnaireResponse.item.count() + (QuestionnaireResponse.item.count())',
    ],
    ['%resource.item.where(linkId = %resource.id)', 'QuestionnaireResponse.item.where(linkId = %resource.id)'],
    ["iif(%resource.item.exists(), '%resource')", "iif(QuestionnaireResponse.item.exists(), '%resource')"],
  ])('%s', (given, expected) => {
    expect(fromItemToResponse(given)).toBe(expected);
  });
});

describe('what an expression needs', () => {
  it('are the names with %, and where it starts', () => {
    expect(needsOf("%a.b + iif(%c, 1) + %'d e'.f")).toEqual({
      externals: new Set(['a', 'c', "'d e'"]),
      relative: false,
    });
    expect(needsOf('answer.value').relative).toBe(true);
    expect(needsOf('%resource.item.where(linkId.exists())').relative).toBe(false);
    expect(needsOf('$this.answer').relative).toBe(true);
  });

  it('is told of a division, not of a slash in a text', () => {
    expect([divides('1 / 2'), divides("'1/2'")]).toEqual([true, false]);
  });
});
