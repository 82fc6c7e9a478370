import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foldedWords } from '../../src/search/words.ts';
import { type SearchKit, searchKit, type TestResource } from './kit.ts';

let kit: SearchKit;

const div = (html: string) => ({ status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${html}</div>` });

const conditions: readonly TestResource[] = [
  {
    resourceType: 'Condition',
    id: 'liver',
    text: div('<p class="marrow">Metastases in the <b>liver</b>, not in bone.</p>'),
    subject: { reference: 'Patient/a' },
    code: { text: 'Leversvulst' },
  },
  {
    resourceType: 'Condition',
    id: 'bone',
    text: div('Bone marrow: metastasis&nbsp;of S&oslash;ren&#39;s "old" tumour'),
    subject: { reference: 'Patient/b' },
    note: [{ text: 'Åse ringer\nkl. 14:30, "igjen" \\ ÆRLIG' }],
  },
  { resourceType: 'Condition', id: 'bare', subject: { reference: 'Patient/a' }, code: { text: 'liver' } },
];

beforeAll(async () => {
  kit = await searchKit();
  await kit.put([
    { resourceType: 'Patient', id: 'a', text: div('A quiet person') },
    { resourceType: 'Patient', id: 'b', text: div('A loud person') },
    ...conditions,
  ]);
});

afterAll(() => kit.close());

const ids = async (url: string): Promise<readonly string[]> => (await kit.search(url)).matches.map(({ id }) => id);

describe('_text and _content', () => {
  test.each([
    ['Condition?_text=liver', ['liver']],
    ['Condition?_text=LIVER', ['liver']],
    ['Condition?_text=(bone OR liver) and metastases', ['liver']],
    ['Condition?_text=bone marrow', ['bone']],
    ['Condition?_text="bone marrow"', ['bone']],
    ['Condition?_text="marrow bone"', []],
    ['Condition?_text=bone not liver', ['bone']],
    ['Condition?_text=not liver', ['bone', 'bare']],
    ['Condition?_text=metasta*', ['liver', 'bone']],
    ['Condition?_text=metasta', []],
    ['Condition?_text=sören', ['bone']],
    ['Condition?_text=nbsp', []],
    ['Condition?_text=class', []],
    ['Condition?_text=xhtml', []],
    ['Condition?_text=liver,marrow', ['liver', 'bone']],
    ['Condition?_text=leversvulst', []],
    ['Condition?_content=leversvulst', ['liver']],
    ['Condition?_content=liver', ['liver', 'bare']],
    ['Condition?_content=liver&subject=Patient/a&_sort=-_id', ['liver', 'bare']],
    ['Condition?_content=ase AND aerlig', ['bone']],
    ['Condition?_content="14:30"', ['bone']],
    ['Condition?_content=igjen', ['bone']],
    ['Condition?_content=subject', []],
    ['Condition?_content=status', []],
    ['Condition?subject:Patient._text=loud', ['bone']],
    ['Patient?_has:Condition:subject:_content=leversvulst', ['a']],
    ['?_type=Patient,Condition&_text=loud or marrow', ['b', 'bone']],
    ['?_content=leversvulst', ['liver']],
    ['?_text=person', ['a', 'b']],
    ['Condition?_filter=_text co liver or subject.id pr true', undefined],
    ['Condition?_filter=not(_content co "leversvulst") and subject.gender pr false', ['bone', 'bare']],
  ] as const)('%s', async (url, expected) => {
    if (expected === undefined) {
      await expect(ids(url)).rejects.toThrow(/no search parameter "id"/);
    } else {
      expect((await ids(url)).toSorted()).toEqual(expected.toSorted());
    }
  });

  test.each(['(liver', 'liver)', '""', '...', 'and', 'liver or', 'not', '"open', '('.repeat(100)])(
    'of "%s" are refused',
    async (value) => {
      await expect(kit.search(`Condition?_text=${encodeURIComponent(value)}`)).rejects.toThrow(/expected words/);
    },
  );

  test('of what has no narrative, of a modifier or a chain, are refused', async () => {
    await expect(kit.search('Bundle?_text=x')).rejects.toThrow(/no narrative/);
    await expect(kit.search('Condition?_text:exact=x')).rejects.toThrow(/no modifier/);
    await expect(kit.search('Condition?_content.x=x')).rejects.toThrow(/no modifier and no chain/);
  });
});

test('PostgreSQL takes contents apart as foldedWords does what is searched for, however they are escaped', async () => {
  const strings = fc.array(
    fc.string({
      unit: fc.oneof(
        fc.constantFrom(...'aZ9 -"\\/\n\t,:{}[]æØåßÞłÄé«»–κИ…'),
        fc.constantFrom('\u0301', '\u200b', '😀', 'ﬁ', '\u00a0', '"key":', ',"', '{"a":', '\\u00e6', '<b>', '&amp;'),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
      ),
    }),
    { minLength: 1, maxLength: 4 },
  );
  const { wordsCondition } = await import('../../src/search/query/sql/words.ts');
  const { Statement } = await import('../../src/search/query/sql/statement.ts');
  const { client } = await import('./kit.ts');
  // An older PostgreSQL has an older Unicode, which knows fewer signs: nobody searches by what it does not know.
  let unknown = 0;
  const knowsAll = async (text: string): Promise<boolean> => {
    const { rows } = await kit.database.pool.query<{ same: boolean }>('select normalize($1, NFKD) = $2 as same', [
      text,
      text.normalize('NFKD'),
    ]);
    if (rows[0]?.same !== true) unknown += 1;
    return rows[0]?.same === true;
  };
  await fc.assert(
    fc.asyncProperty(strings, fc.boolean(), async (texts, ascii) => {
      const plain = texts.map((text) => text.toWellFormed().replaceAll('\u0000', '').replace(/[<>&]/g, ' '));
      fc.pre(await knowsAll(plain.join('')));
      const written = JSON.stringify({ resourceType: 'Basic', a: plain, b: { c: 'end' } });
      const content = ascii
        ? written.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        : written;
      const words = ['Basic', ...plain, 'end']
        .map(foldedWords)
        .filter((each) => each !== '')
        .join(' ');
      const statement = new Statement(client, '0');
      const json = statement.value(content, 'text');
      const condition = wordsCondition(
        statement,
        { kind: 'text', of: 'content', test: { kind: 'words', words: ` ${words} ` } },
        json,
      );
      const { rows } = await kit.database.pool.query<{ found: boolean }>(`select ${condition} as found`, [
        ...statement.values,
      ]);
      expect(rows[0]?.found, JSON.stringify({ content, words })).toBe(true);
    }),
    { numRuns: 500, seed: 3 },
  );
  expect(unknown).toBeLessThan(25);
});
