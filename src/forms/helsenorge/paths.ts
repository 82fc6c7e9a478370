import { FhirPathSyntaxError, type Token } from '../../fhirpath/syntax.ts';
import { tokens } from '../../fhirpath/tokens.ts';

/**
 * In SDC an expression on an item starts on the item of the response; in Refero every expression starts on the response,
 * and only later releases know `%resource`. So the names that start a path have to be changed; which of them start on what
 * the expression as a whole starts on is told by the brackets around them.
 */

/** What starts a path: a name, `%name` or `$this`. */
export interface Head {
  readonly name: string;
  /** `%name` */
  readonly external: boolean;
  readonly isCall: boolean;
  /** Evaluated on what the whole expression starts on, not on an element in `where(…)` or the like. */
  readonly atRoot: boolean;
}

/** Functions whose arguments are evaluated on each element of their input. */
const ITERATING = new Set(['where', 'select', 'all', 'exists', 'repeat', 'aggregate', 'iif', 'trace']);
const TYPE_ARGUMENT = new Set(['ofType', 'is', 'as']);
const OPERATORS = new Set(['and', 'or', 'xor', 'implies', 'div', 'mod', 'is', 'as', 'in', 'contains']);
const LITERALS = new Set(['true', 'false']);
const UNITS = /^(?:year|month|week|day|hour|minute|second|millisecond)s?$/;
/** JSON names of an answer's value, with their types. */
const JSON_NAMES = new Map([
  ...['boolean', 'decimal', 'integer', 'date', 'dateTime', 'time', 'string', 'uri'].map((type): [string, string] => [
    `value${type.charAt(0).toUpperCase()}${type.slice(1)}`,
    type,
  ]),
  ...['Attachment', 'Coding', 'Quantity', 'Reference'].map((type): [string, string] => [`value${type}`, type]),
]);
/** Elements of a response, and functions that walk it from the top. */
const OF_RESPONSE = new Set(['item', 'descendants', 'children', 'repeat', 'status', 'authored', 'subject', 'author']);

/** The expression with each head replaced by what `replace` gives for it. @throws FhirPathSyntaxError */
export function withHeads(text: string, replace: (head: Head) => string | undefined): string {
  let result = '';
  let from = 0;
  for (const { token, head } of headsOf(text)) {
    const replacement = replace(head);
    if (replacement === undefined) continue;
    const start = token.kind === 'name' ? token.at : token.at - 1;
    result += text.slice(from, start) + replacement;
    from = token.at + token.text.length;
  }
  return result + text.slice(from);
}

/**
 * As Refero writes it → as it stands on an item in SDC. Refero's FHIRPath also takes the JSON names of values
 * (`answer.valueInteger`), which FHIRPath has not.
 *
 * @throws FhirPathSyntaxError
 */
export function fromResponseToItem(text: string): string {
  return withHeads(withoutJsonNames(text), ({ name, external, atRoot }) => {
    if (external) return undefined;
    if (name === 'QuestionnaireResponse' || (atRoot && name === '$this')) return '%resource';
    return atRoot && OF_RESPONSE.has(name) ? `%resource.${name}` : undefined;
  });
}

function withoutJsonNames(text: string): string {
  const all = tokens(text);
  return all.reduceRight((result, token, index) => {
    const type = token.kind === 'name' && isSymbol(all[index - 1], '.') ? JSON_NAMES.get(token.text) : undefined;
    if (type === undefined) return result;
    return `${result.slice(0, token.at)}value.ofType(${type})${result.slice(token.at + token.text.length)}`;
  }, text);
}

/** As it stands on an item in SDC → as Refero writes it. @throws FhirPathSyntaxError */
export function fromItemToResponse(text: string): string {
  return withHeads(text, ({ name, external, atRoot }) =>
    external && atRoot && name === 'resource' ? 'QuestionnaireResponse' : undefined,
  );
}

/** The names with % that an expression uses, and whether it takes anything from what it starts on. */
export function needsOf(text: string): { externals: ReadonlySet<string>; relative: boolean } {
  const heads = headsOf(text).map(({ head }) => head);
  return {
    externals: new Set(heads.flatMap(({ name, external }) => (external ? [name] : []))),
    relative: heads.some(
      ({ external, isCall, atRoot, name }) => !external && atRoot && (!isCall || OF_RESPONSE.has(name)),
    ),
  };
}

/** Whether an expression divides: then its result may be no whole number. */
export function divides(text: string): boolean {
  return tokens(text).some(({ kind, text: sign }) => kind === 'symbol' && sign === '/');
}

/** What `read` makes of an expression; undefined where it is not FHIRPath. */
export function ifFhirPath<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (problem) {
    if (problem instanceof FhirPathSyntaxError) return undefined;
    throw problem;
  }
}

function headsOf(text: string): { token: Token; head: Head }[] {
  const all = tokens(text);
  const found: { token: Token; head: Head }[] = [];
  const open: ('root' | 'element' | 'type')[] = ['root'];
  all.forEach((token, index) => {
    const [before, previous, next] = [all[index - 2], all[index - 1], all[index + 1]];
    const around = open.at(-1) ?? 'root';
    if (token.kind === 'symbol') {
      if (token.text === '(' || token.text === '[' || token.text === '{') {
        const ofMember = isSymbol(before, '.');
        open.push(previous?.kind === 'name' ? insideCall(previous.text, ofMember, around) : around);
      } else if (token.text === ')' || token.text === ']' || token.text === '}') {
        open.pop();
      }
      return;
    }
    const external = token.kind === 'external';
    const self = token.kind === 'variable' && token.text === 'this';
    if ((token.kind !== 'name' && !external && !self) || isSymbol(previous, '.') || around === 'type') return;
    const isCall = isSymbol(next, '(');
    const afterIs = previous?.kind === 'name' && (previous.text === 'is' || previous.text === 'as');
    const operator = OPERATORS.has(token.text) && previous !== undefined && !startsTerm(previous);
    const unit = UNITS.test(token.text) && previous?.kind === 'number';
    if (!external && (afterIs || operator || unit || LITERALS.has(token.text))) return;
    // %'name' keeps its quotes, so that it is no name that is replaced.
    const quote = external && /['"`]/.test(text[token.at] ?? '') ? "'" : '';
    const name = self ? '$this' : quote + token.text + quote;
    found.push({ token, head: { name, external, isCall, atRoot: around === 'root' } });
  });
  return found;
}

function insideCall(name: string, ofMember: boolean, around: 'root' | 'element' | 'type') {
  if (TYPE_ARGUMENT.has(name)) return 'type';
  return ofMember && ITERATING.has(name) ? 'element' : around;
}

function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.kind === 'symbol' && token.text === text;
}

/** Whether a term follows, so that `and` or `is` there would be a name. */
function startsTerm({ kind, text }: Token): boolean {
  return (
    (kind === 'symbol' && text !== ')' && text !== ']' && text !== '}') || (kind === 'name' && OPERATORS.has(text))
  );
}
