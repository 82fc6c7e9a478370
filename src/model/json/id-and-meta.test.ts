import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withIdAndMeta } from './id-and-meta.ts';
import { parseJson } from './parse.ts';

const given = { id: 'x1', versionId: '2', lastUpdated: '2026-03-02T08:00:00.000Z' };
const META = '"versionId":"2","lastUpdated":"2026-03-02T08:00:00.000Z"';

it('puts id and meta after resourceType where they are absent', () => {
  expect(withIdAndMeta('{"resourceType":"Patient","active":true}', given)).toBe(
    `{"resourceType":"Patient","id":"x1","meta":{${META}},"active":true}`,
  );
  expect(withIdAndMeta('{"active":true,"resourceType":"Patient"}', given)).toBe(
    `{"active":true,"resourceType":"Patient","id":"x1","meta":{${META}}}`,
  );
});

it('replaces them where they stand and keeps the rest of meta, its order and extensions', () => {
  const text =
    '{"resourceType":"Patient","meta":{"profile":["p"],"lastUpdated":"1999","_lastUpdated":{"extension":[]},"versionId":"7"},"id":"old"}';
  expect(withIdAndMeta(text, given)).toBe(
    '{"resourceType":"Patient","meta":{"profile":["p"],"lastUpdated":"2026-03-02T08:00:00.000Z","_lastUpdated":{"extension":[]},"versionId":"2"},"id":"x1"}',
  );
});

it('completes a meta that is there without them, also an empty one', () => {
  expect(withIdAndMeta('{"resourceType":"Patient","id":"a","meta":{"tag":[]}}', given)).toBe(
    `{"resourceType":"Patient","id":"x1","meta":{${META},"tag":[]}}`,
  );
  expect(withIdAndMeta('{"resourceType":"Patient","id":"a","meta":{}}', given)).toBe(
    `{"resourceType":"Patient","id":"x1","meta":{${META}}}`,
  );
});

it('touches no id or meta below the top level and no decimal', () => {
  const text =
    '{"resourceType":"Observation","contained":[{"id":"c","meta":{"versionId":"9"}}],"valueQuantity":{"value":1.00}}';
  const spliced = withIdAndMeta(text, given);
  expect(spliced).toContain('"contained":[{"id":"c","meta":{"versionId":"9"}}],"valueQuantity":{"value":1.00}}');
});

it('finds a key that is written with escapes', () => {
  expect(withIdAndMeta('{"resourceType":"Patient","\\u0069d":"old"}', given)).toBe(
    `{"resourceType":"Patient","\\u0069d":"x1","meta":{${META}}}`,
  );
});

it('equals the same change made to the parsed value, for any resource', () => {
  const meta = fc.record(
    { versionId: fc.string(), lastUpdated: fc.string(), source: fc.string() },
    { requiredKeys: [] },
  );
  const resource = fc.record(
    {
      resourceType: fc.constant('Basic'),
      id: fc.string(),
      meta,
      a: fc.jsonValue(),
      text: fc.string({ unit: 'binary' }),
    },
    { requiredKeys: ['resourceType'] },
  );
  fc.assert(
    fc.property(resource, fc.integer({ min: 0, max: 2 }), (value, indent) => {
      const source = JSON.stringify(value, null, indent);
      if (/__proto__|"constructor"|"prototype"|\\u0000|\\ud[89a-f]/i.test(source)) {
        return;
      }
      const { text } = parseJson(source);
      expect(JSON.parse(withIdAndMeta(text, given))).toEqual({
        ...(JSON.parse(source) as object),
        id: 'x1',
        meta: { ...value.meta, versionId: '2', lastUpdated: given.lastUpdated },
      });
    }),
  );
});
