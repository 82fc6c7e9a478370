import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryTexts } from './bundle-entries.ts';
import { pretty } from './pretty.ts';
import { type Keep, selected } from './selection.ts';
import { withSubsettedTag } from './subsetted.ts';

describe('entryTexts', () => {
  it('gives every entry’s resource as it stands in the text', () => {
    const text =
      '{"resourceType":"Bundle","entry":[{"resource":{"v":1.00,"s":"}\\"]"}},{"request":{"method":"GET","resource":{}}},{"fullUrl":"x","resource":{"entry":[{"resource":{}}]}}],"x":[1]}';
    expect(entryTexts(text)).toEqual(['{"v":1.00,"s":"}\\"]"}', undefined, '{"entry":[{"resource":{}}]}']);
  });

  it('gives nothing for a Bundle without entries', () => {
    expect(entryTexts('{"resourceType":"Bundle"}')).toEqual([]);
    expect(entryTexts('{"resourceType":"Bundle","entry":[]}')).toEqual([]);
  });
});

describe('pretty', () => {
  it('indents as JSON.stringify does, for every value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(pretty(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it('keeps the text of decimals', () => {
    expect(pretty('{"a":1.00}')).toBe('{\n  "a": 1.00\n}');
  });
});

describe('selected', () => {
  const name: Keep = (element) => element === 'family';
  const keep: Keep = (element) => (element === 'name' ? name : element === 'birthDate');

  it('keeps what is kept, with its primitive extensions and decimals, in order', () => {
    expect(
      selected(
        '{"x":1,"_birthDate":{"extension":[1.00]},"birthDate":"1950","name":[{"given":["a"],"family":"b"}]}',
        keep,
      ),
    ).toBe('{"_birthDate":{"extension":[1.00]},"birthDate":"1950","name":[{"family":"b"}]}');
  });

  it('leaves no empty objects and arrays', () => {
    expect(selected('{"name":[{"given":["a"]}],"birthDate":"1950"}', keep)).toBe('{"birthDate":"1950"}');
  });
});

describe('withSubsettedTag', () => {
  const tag = '{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}';
  it.each([
    ['{"resourceType":"P","id":"1"}', `{"resourceType":"P","id":"1","meta":{"tag":[${tag}]}}`],
    ['{"resourceType":"P","id":"1","meta":{}}', `{"resourceType":"P","id":"1","meta":{"tag":[${tag}]}}`],
    ['{"resourceType":"P","meta":{"a":1}}', `{"resourceType":"P","meta":{"a":1,"tag":[${tag}]}}`],
    ['{"resourceType":"P","meta":{"tag":[{}],"a":1}}', `{"resourceType":"P","meta":{"tag":[{},${tag}],"a":1}}`],
  ])('adds the tag to %s', (text, expected) => {
    expect(withSubsettedTag(text)).toBe(expected);
  });
});
