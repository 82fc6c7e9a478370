import { foldedWords } from '../../words.ts';
import type { TextTest } from '../nodes.ts';
import { badValue } from '../refusals.ts';

const LENGTH_MAX = 1000;
const DEPTH_MAX = 20;

/**
 * A value of `_text` or `_content`: words that must all be there, `and`, `or`, `not`, parentheses, `"a phrase"`, and `bone*` for words
 * that begin so (R4 search.html#text: `(bone OR liver) AND metastases`). Without parentheses `and` binds before `or`.
 */
export function textTest(parameter: string, value: string): TextTest {
  const parts = value.length > LENGTH_MAX ? null : value.match(/[()]|"[^"]*"\*?|[^\s()"]+|"/g);
  const left = [...(parts ?? [])];
  let depth = 0;

  const refusal = (): Error =>
    badValue(parameter, `expected words, "phrases", and, or, not and parentheses, at most ${LENGTH_MAX} characters`);
  const isNext = (word: string): boolean => left[0]?.toLowerCase() === word;

  function alternatives(): TextTest {
    const found = [all()];
    while (isNext('or')) {
      left.shift();
      found.push(all());
    }
    return joined('or', found);
  }

  function all(): TextTest {
    const found = [one()];
    while (left.length > 0 && !isNext('or') && !isNext(')')) {
      if (isNext('and')) {
        left.shift();
      }
      found.push(one());
    }
    return joined('and', found);
  }

  function one(): TextTest {
    const part = left.shift();
    depth += 1;
    if (part === undefined || depth > DEPTH_MAX) {
      throw refusal();
    }
    let test: TextTest;
    if (part === '(') {
      test = alternatives();
      if (left.shift() !== ')') {
        throw refusal();
      }
    } else if (part.toLowerCase() === 'not') {
      test = { kind: 'not', of: one() };
    } else {
      test = words(part);
    }
    depth -= 1;
    return test;
  }

  function words(part: string): TextTest {
    const found = /^(?:and|or)$/i.test(part) ? '' : foldedWords(part);
    if (found === '') {
      throw refusal();
    }
    return { kind: 'words', words: part.endsWith('*') ? ` ${found}` : ` ${found} ` };
  }

  const test = alternatives();
  if (left.length > 0) {
    throw refusal();
  }
  return test;
}

function joined(kind: 'and' | 'or', of: readonly TextTest[]): TextTest {
  return of.length === 1 ? (of[0] as TextTest) : { kind, of };
}
