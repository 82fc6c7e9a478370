import type { Parameter, Value } from './package-values.ts';
import { questionsOfComposite } from './questions-composite.ts';
import { questionsOfQuantity } from './questions-quantity.ts';
import { type Prefix, passes, prefixes, type Span, spanOfDate, spanOfNumber } from './ranges.ts';
import { escaped, folded } from './text.ts';

/** One search: its parameter with modifier, its value, and whether a resource with these values of the parameter is found. */
export interface Question {
  readonly name: string;
  readonly value: string;
  found(values: readonly Value[]): boolean;
}

type Json = Readonly<Record<string, unknown>>;

export function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

export function string(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The searches that a value of a parameter gives rise to, by the parameter's type (R4 §3.1.1.4). */
export function questionsOf(parameter: Parameter, value: Value): readonly Question[] {
  switch (parameter.kind) {
    case 'token':
      return questionsOfToken(parameter, value);
    case 'string':
      return questionsOfString(parameter, value);
    case 'uri':
      return questionsOfUri(parameter, value);
    case 'reference':
      return questionsOfReference(parameter, value);
    case 'date':
      return questionsOfDate(parameter, value);
    case 'number':
      return questionsOfNumber(parameter, value);
    case 'quantity':
      return questionsOfQuantity(parameter, value);
    case 'composite':
      return questionsOfComposite(parameter, value);
    default:
      return [];
  }
}

// token

interface Token {
  readonly system: string | undefined;
  readonly code: string | undefined;
  /** Elements of type code and the like imply their system: they are found by the code, whatever is said of a system. */
  readonly bare: boolean;
}

export function tokensOf({ type, value }: Value): readonly Token[] {
  const { system, code, value: number, coding } = object(value);
  switch (type) {
    case 'CodeableConcept':
      return list(coding).flatMap((each) => tokensOf({ type: 'Coding', value: each }));
    case 'Coding':
      return [{ system: string(system), code: string(code), bare: false }];
    case 'Identifier':
      return [{ system: string(system), code: string(number), bare: false }];
    case 'ContactPoint':
      return [{ system: undefined, code: string(number), bare: true }];
    default:
      return typeof value === 'object' ? [] : [{ system: undefined, code: String(value), bare: true }];
  }
}

/** The forms in which a token is asked for, with what each means. */
export function tokenForms(token: Token): readonly { text: string; is(other: Token): boolean }[] {
  const { system, code, bare } = token;
  const forms = [];
  if (code !== undefined) {
    forms.push({ text: escaped(code), is: (other: Token) => other.code === code });
    if (!bare && system === undefined) {
      forms.push({
        text: `|${escaped(code)}`,
        is: (other: Token) => other.code === code && other.system === undefined && !other.bare,
      });
    }
    if (system !== undefined) {
      forms.push({
        text: `${escaped(system)}|${escaped(code)}`,
        is: (other: Token) => other.code === code && other.system === system,
      });
    }
  }
  return forms;
}

function questionsOfToken({ code }: Parameter, value: Value): readonly Question[] {
  const coded = tokensOf(value).flatMap((token) => {
    const forms = [...tokenForms(token)];
    if (token.system !== undefined) {
      forms.push({ text: `${escaped(token.system)}|`, is: (other) => other.system === token.system });
    }
    return forms.flatMap(({ text, is }) => {
      const found = (values: readonly Value[]) => values.some((each) => tokensOf(each).some(is));
      return [
        { name: code, value: text, found },
        { name: `${code}:not`, value: text, found: (values: readonly Value[]) => !found(values) },
      ];
    });
  });
  const texts = textsOfToken(value).map((text) => ({
    name: `${code}:text`,
    value: escaped(text),
    found: (values: readonly Value[]) =>
      values.some((each) => textsOfToken(each).some((other) => folded(other).startsWith(folded(text)))),
  }));
  const typed = typesOfIdentifier(value).map((type) => ({
    name: `${code}:of-type`,
    value: type,
    found: (values: readonly Value[]) => values.some((each) => typesOfIdentifier(each).includes(type)),
  }));
  return [...coded, ...texts, ...typed];
}

function textsOfToken({ type, value }: Value): readonly string[] {
  const { text, display, coding, type: kind } = object(value);
  switch (type) {
    case 'CodeableConcept':
      return [...list(coding).map((each) => object(each).display), text].flatMap((each) => string(each) ?? []);
    case 'Coding':
      return [display].flatMap((each) => string(each) ?? []);
    case 'Identifier':
      return [object(kind).text].flatMap((each) => string(each) ?? []);
    default:
      return [];
  }
}

/** `system|code|value` of an Identifier with a type. */
function typesOfIdentifier({ type, value }: Value): readonly string[] {
  const { type: kind, value: number } = object(value);
  if (type !== 'Identifier' || string(number) === undefined) {
    return [];
  }
  return list(object(kind).coding).flatMap((each) => {
    const { system, code } = object(each);
    return system === undefined || code === undefined
      ? []
      : [`${escaped(String(system))}|${escaped(String(code))}|${escaped(String(number))}`];
  });
}

// string, uri

export function stringsOf({ type, value }: Value): readonly string[] {
  const parts = object(value);
  const named = (names: readonly string[]) =>
    names.flatMap((name) => list(parts[name]).flatMap((each) => string(each) ?? []));
  switch (type) {
    case 'HumanName': {
      const whole = [...list(parts.given).filter((each) => typeof each === 'string'), parts.family].join(' ');
      return [
        ...named(['text', 'family', 'given', 'prefix', 'suffix']),
        ...(parts.given && parts.family ? [whole] : []),
      ];
    }
    case 'Address':
      return named(['text', 'line', 'city', 'district', 'state', 'postalCode', 'country']);
    default:
      return typeof value === 'string' ? [value] : [];
  }
}

function questionsOfString({ code }: Parameter, value: Value): readonly Question[] {
  return stringsOf(value).flatMap((text) => {
    const begin = text.slice(0, Math.ceil(text.length / 2)).trim();
    const middle = text.slice(Math.floor(text.length / 3), Math.floor(text.length / 3) + 12).trim();
    const some = (is: (other: string) => boolean) => (values: readonly Value[]) =>
      values.some((each) => stringsOf(each).some(is));
    const questions = [
      { name: code, value: escaped(text), found: some((other) => folded(other).startsWith(folded(text))) },
      {
        name: code,
        value: escaped(begin.toUpperCase()),
        found: some((other) => folded(other).startsWith(folded(begin.toUpperCase()))),
      },
      { name: `${code}:exact`, value: escaped(text), found: some((other) => other === text) },
      {
        name: `${code}:contains`,
        value: escaped(middle),
        found: some((other) => folded(other).includes(folded(middle))),
      },
    ];
    return questions.filter((question) => question.value !== '' && folded(question.value) !== '');
  });
}

/** A canonical is found with its version and without. */
function urisOf({ type, value }: Value): readonly string[] {
  const uri = String(value);
  const whole = uri.replace(/#.*$/, '');
  return type === 'canonical' ? [whole, whole.replace(/\|.*$/, '')] : [uri];
}

function questionsOfUri({ code }: Parameter, value: Value): readonly Question[] {
  const uri = String(value.value);
  const above = uri.replace(/\/[^/]*$/, '/');
  const questions: Question[] = [...new Set(urisOf(value))].map((each) => ({
    name: code,
    value: escaped(each),
    found: (values) => values.some((other) => urisOf(other).includes(each)),
  }));
  if (uri.includes('/')) {
    questions.push({
      name: `${code}:below`,
      value: escaped(above),
      found: (values) => values.some((other) => String(other.value).startsWith(above)),
    });
    const below = `${uri.replace(/[|#].*$/, '')}/more`;
    questions.push({
      name: `${code}:above`,
      value: escaped(below),
      found: (values) =>
        values.some((other) =>
          urisOf(other).some((each) => below === each || below.startsWith(each.replace(/\/?$/, '/'))),
        ),
    });
  }
  return questions;
}

// reference

/** `Type/id` of this server, or the whole address. */
export function targetsOf({ type, value }: Value): readonly string[] {
  if (typeof value === 'string') {
    // A canonical that is neither an address nor `Type/id` leads nowhere.
    const relative = /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(value);
    const absolute = /^[a-z]+:/.test(value);
    return relative ? [value] : absolute ? urisOf({ type: 'canonical', value }) : [];
  }
  const { reference, resourceType, id } = object(value);
  if (type !== 'Reference') {
    return id === undefined ? [] : [`${resourceType}/${id}`];
  }
  const target = string(reference)?.replace(/\/_history\/.*$/, '');
  return target === undefined || target.startsWith('#') ? [] : [target];
}

function questionsOfReference({ code, targets }: Parameter, value: Value): readonly Question[] {
  const literal = targetsOf(value).flatMap((target) => {
    const found = (values: readonly Value[]) => values.some((each) => targetsOf(each).includes(target));
    const questions: Question[] = [{ name: code, value: escaped(target), found }];
    const [, type, id] = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]+)$/.exec(target) ?? [];
    if (type !== undefined && id !== undefined) {
      questions.push({ name: `${code}:${type}`, value: id, found });
      const possible = targets.length === 0 ? undefined : new Set<string>(targets);
      questions.push({
        name: code,
        value: id,
        found: (values) =>
          values.some((each) =>
            targetsOf(each).some((other) => {
              const [otherType = '', otherId, more] = other.split('/');
              return otherId === id && more === undefined && (possible?.has(otherType) ?? true);
            }),
          ),
      });
    }
    return questions;
  });
  const identifier = identifierOf(value).flatMap((token) =>
    tokenForms(token).map(({ text, is }) => ({
      name: `${code}:identifier`,
      value: text,
      found: (values: readonly Value[]) => values.some((each) => identifierOf(each).some(is)),
    })),
  );
  return [...literal, ...identifier];
}

function identifierOf({ type, value }: Value): readonly Token[] {
  const { identifier } = object(value);
  return type === 'Reference' && identifier !== undefined ? tokensOf({ type: 'Identifier', value: identifier }) : [];
}

// date, number

const FOREVER = 8.64e15;

export function spansOfDate({ type, value }: Value): readonly Span[] {
  const { start, end, event, repeat } = object(value);
  switch (type) {
    case 'Period': {
      const [from, to] = [spanOfDate(string(start) ?? ''), spanOfDate(string(end) ?? '')];
      return from || to ? [{ lo: from?.lo ?? -FOREVER, hi: to?.hi ?? FOREVER }] : [];
    }
    case 'Timing': {
      const events = list(event).flatMap((each) => spanOfDate(String(each)) ?? []);
      const bounds = object(repeat).boundsPeriod;
      if (events.length === 0) {
        return bounds === undefined ? [] : spansOfDate({ type: 'Period', value: bounds });
      }
      return [{ lo: Math.min(...events.map(({ lo }) => lo)), hi: Math.max(...events.map(({ hi }) => hi)) }];
    }
    default:
      return typeof value === 'string' ? [spanOfDate(value)].flatMap((span) => span ?? []) : [];
  }
}

/** The text of a date within the value, to ask for. */
function dateText({ type, value }: Value): string | undefined {
  const { start, end, event } = object(value);
  return string(type === 'Period' ? (start ?? end) : type === 'Timing' ? list(event)[0] : value);
}

function questionsOfDate({ code }: Parameter, value: Value): readonly Question[] {
  const text = dateText(value);
  if (text === undefined || spanOfDate(text) === undefined) {
    return [];
  }
  return [...new Set([text, text.slice(0, 10), text.slice(0, 7), text.slice(0, 4)])].flatMap((asked) =>
    asking(code, asked, (prefix) => {
      const span = spanOfDate(asked) as Span;
      return (other) => spansOfDate(other).some((each) => passes(prefix, span, each));
    }),
  );
}

function questionsOfNumber({ code }: Parameter, value: Value): readonly Question[] {
  if (typeof value.value !== 'number') {
    return [];
  }
  const text = String(value.value);
  return asking(code, text, (prefix) => {
    const span = spanOfNumber(text, prefix);
    return (other) => typeof other.value === 'number' && passes(prefix, span, { lo: other.value, hi: other.value });
  });
}

/** Without prefix, and with each of them; ap of a date depends on the clock, and is tested elsewhere. */
export function asking(
  name: string,
  text: string,
  test: (prefix: Prefix) => (value: Value) => boolean,
  date = text.includes('-') || text.length === 4,
): readonly Question[] {
  const found = (prefix: Prefix) => (values: readonly Value[]) => values.some(test(prefix));
  return [
    { name, value: text, found: found('eq') },
    ...prefixes
      .filter((prefix) => !(date && prefix === 'ap'))
      .map((prefix) => ({ name, value: `${prefix}${text}`, found: found(prefix) })),
  ];
}
