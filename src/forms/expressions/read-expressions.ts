import type { Element, Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { error, type Issue } from '../../model/issue.ts';
import type {
  ContextView,
  FormConstraint,
  FormExpression,
  ItemExpressions,
  LaunchContext,
  OptionToggle,
  RawExpression,
  SharedExpressions,
} from './expression.ts';

const core = 'http://hl7.org/fhir/StructureDefinition/';
const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/';

/** Each extension under the address of SDC 4, and under those of earlier SDC releases and of R4. */
function addresses(...names: string[]): ReadonlySet<string> {
  return new Set(
    names.flatMap((name) => [
      core + name,
      `${core}questionnaire-${name}`,
      `${sdc}sdc-questionnaire-${name}`,
      `${sdc}${name}`,
      // STU 2 of SDC stood here.
      `http://hl7.org/fhir/us/sdc/StructureDefinition/sdc-questionnaire-${name}`,
    ]),
  );
}

const VARIABLE = addresses('variable');
const INITIAL = addresses('initialExpression');
const CALCULATED = addresses('calculatedExpression');
const ENABLE_WHEN = addresses('enableWhenExpression');
const ANSWERS = addresses('answerExpression');
const CANDIDATES = addresses('candidateExpression');
const CONTEXT = addresses('itemPopulationContext', 'itemContextExpression');
const CONTEXT_VIEW = addresses('contextExpression');
const TOGGLE = addresses('answerOptionsToggleExpression');
const CONSTRAINT = addresses('targetConstraint', 'constraint');
const LAUNCH = addresses('launchContext');
const ELEMENT = addresses('cqf-expression', 'cqf-calculatedValue');

/** Makes an expression of what an extension holds; the order of calls is the order in which names become known. */
export type MakeExpression = (raw: RawExpression, path: string) => FormExpression;

interface Reading {
  readonly extensions: readonly Extension[];
  readonly path: string;
  readonly make: MakeExpression;
  readonly issues: Issue[];
}

/**
 * Reads what stands on a Questionnaire or an item. `declare` is told of each variable and context as soon as it is read,
 * so that `make` can look its name up in what follows. Faults (a variable without name, …) are added to `issues`.
 */
export function readShared(
  element: Questionnaire | QuestionnaireItem,
  path: string,
  make: MakeExpression,
  declare: (expression: FormExpression) => void,
  issues: Issue[],
): SharedExpressions {
  const reading = { extensions: element.extension ?? [], path, make, issues };
  const named = (expression: FormExpression): void => {
    if (expression.name === undefined) {
      issues.push(error('extension', 'A variable needs a name.', expression.path));
    } else {
      declare(expression);
    }
  };
  const variables = all(reading, VARIABLE, named);
  const contexts = all(reading, CONTEXT, (each) => {
    if (each.name !== undefined) declare(each);
  });
  return { variables, contexts, constraints: readConstraints(reading), elements: readElements(element, reading) };
}

/** Reads what only an item has. */
export function readItem(
  item: QuestionnaireItem,
  path: string,
  make: MakeExpression,
  issues: Issue[],
): Omit<ItemExpressions, keyof SharedExpressions> {
  const reading = { extensions: item.extension ?? [], path, make, issues };
  const enableWhen = one(reading, ENABLE_WHEN);
  if (enableWhen !== undefined && item.enableWhen !== undefined) {
    issues.push(
      error('business-rule', `Item '${item.linkId}' has enableWhen and enableWhenExpression: one only.`, path),
    );
  }
  const answers = one(reading, ANSWERS);
  if (answers !== undefined && (item.answerOption !== undefined || item.answerValueSet !== undefined)) {
    issues.push(error('business-rule', `Item '${item.linkId}' has options and answerExpression: one only.`, path));
  }
  return {
    initial: one(reading, INITIAL),
    calculated: one(reading, CALCULATED),
    enableWhen,
    answers,
    candidates: one(reading, CANDIDATES),
    toggles: readToggles(reading),
    contextViews: readContextViews(reading),
  };
}

/** The launch contexts that a form declares. */
export function readLaunchContexts(questionnaire: Questionnaire): readonly LaunchContext[] {
  return (questionnaire.extension ?? []).flatMap((extension) => {
    if (!LAUNCH.has(extension.url ?? '')) return [];
    const name = part(extension, 'name');
    // In SDC 2 the name was an id.
    const code = name?.valueCoding?.code ?? name?.valueId ?? name?.valueCode;
    if (code === undefined) return [];
    const types = (extension.extension ?? []).flatMap((each) =>
      each.url === 'type' && each.valueCode !== undefined ? [each.valueCode] : [],
    );
    return [{ name: code, types, multiple: part(extension, 'multiplesAllowed')?.valueBoolean === true }];
  });
}

function part(extension: Extension, url: string): Extension | undefined {
  return extension.extension?.find((each) => each.url === url);
}

/** The expressions of some extensions; `met` is told of each before the next is compiled. */
function all(
  { extensions, path, make, issues }: Reading,
  urls: ReadonlySet<string>,
  met?: (expression: FormExpression) => void,
): FormExpression[] {
  return extensions.flatMap((extension, index) => {
    if (!urls.has(extension.url ?? '')) return [];
    const here = `${path}.extension[${index}]`;
    const made = expressionOf(extension, here, make);
    if (made === undefined) {
      issues.push(error('extension', 'The extension has no expression.', here));
      return [];
    }
    met?.(made);
    return [made];
  });
}

/** An expression, or (SDC 1) a FHIRPath string. */
function expressionOf(extension: Extension, path: string, make: MakeExpression): FormExpression | undefined {
  if (extension.valueExpression?.expression !== undefined) {
    return make(extension.valueExpression, `${path}.value.expression`);
  }
  return extension.valueString === undefined
    ? undefined
    : make({ language: 'text/fhirpath', expression: extension.valueString }, `${path}.value`);
}

function one(reading: Reading, urls: ReadonlySet<string>): FormExpression | undefined {
  const [first, second] = all(reading, urls);
  if (second !== undefined && second.text !== first?.text) {
    reading.issues.push(error('extension', 'The extension may stand here once only.', second.path));
  }
  return first;
}

function readToggles({ extensions, path, make, issues }: Reading): OptionToggle[] {
  return extensions.flatMap((extension, index) => {
    if (!TOGGLE.has(extension.url ?? '')) return [];
    const here = `${path}.extension[${index}]`;
    const expression = part(extension, 'expression');
    const made = expression && expressionOf(expression, here, make);
    const options = (extension.extension ?? []).flatMap((each) => {
      const key = each.url === 'option' ? Object.keys(each).find((name) => name.startsWith('value')) : undefined;
      return key === undefined ? [] : [{ key, value: Object.entries(each).find(([name]) => name === key)?.[1] }];
    });
    if (made === undefined || options.length === 0) {
      issues.push(error('extension', 'answerOptionsToggleExpression needs options and an expression.', here));
      return [];
    }
    return [{ options, expression: made }];
  });
}

function readContextViews({ extensions, path, make, issues }: Reading): ContextView[] {
  return extensions.flatMap((extension, index) => {
    if (!CONTEXT_VIEW.has(extension.url ?? '')) return [];
    const here = `${path}.extension[${index}]`;
    const made = expressionOf(part(extension, 'expression') ?? extension, here, make);
    if (made === undefined) {
      issues.push(error('extension', 'contextExpression needs an expression.', here));
      return [];
    }
    return [{ label: part(extension, 'label')?.valueString, expression: made }];
  });
}

function readConstraints({ extensions, path, make, issues }: Reading): FormConstraint[] {
  return extensions.flatMap((extension, index) => {
    if (!CONSTRAINT.has(extension.url ?? '')) return [];
    const here = `${path}.extension[${index}]`;
    const expression = part(extension, 'expression');
    const made = expression && expressionOf(expression, here, make);
    const key = part(extension, 'key');
    const human = part(extension, 'human');
    const severity = part(extension, 'severity')?.valueCode;
    const requirements = part(extension, 'requirements');
    if (made === undefined || key === undefined || (severity !== 'error' && severity !== 'warning')) {
      issues.push(
        error('extension', 'A constraint needs key, severity (error or warning), human and expression.', here),
      );
      return [];
    }
    return [
      {
        key: key.valueId ?? key.valueString ?? '',
        severity,
        expression: made,
        human: human?.valueString ?? human?.valueMarkdown ?? '',
        translations: translationsOf(human),
        requirements: requirements?.valueMarkdown ?? requirements?.valueString,
        location: part(extension, 'location')?.valueString,
        path: here,
      },
    ];
  });
}

function translationsOf(human: Extension | undefined): ReadonlyMap<string, string> {
  const extensions = elementOf(human, 'valueString')?.extension ?? elementOf(human, 'valueMarkdown')?.extension ?? [];
  return new Map(
    extensions.flatMap((each): [string, string][] => {
      const content = part(each, 'content');
      const language = part(each, 'lang')?.valueCode;
      const text = content?.valueString ?? content?.valueMarkdown;
      return language === undefined || text === undefined ? [] : [[language, text]];
    }),
  );
}

/** The object that holds a primitive's extensions: `_text`. */
function elementOf(owner: object | undefined, name: string): Element | undefined {
  const found: unknown = owner && Object.entries(owner).find(([key]) => key === `_${name}`)?.[1];
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? found : undefined;
}

function readElements(element: object, reading: Reading): ReadonlyMap<string, FormExpression> {
  const found = new Map<string, FormExpression>();
  const add = (name: string, owner: Element | undefined, path: string): void => {
    const [expression] = all({ ...reading, extensions: owner?.extension ?? [], path }, ELEMENT);
    if (expression !== undefined) found.set(name, expression);
  };
  for (const key of Object.keys(element)) {
    if (key.startsWith('_')) {
      add(key.slice(1), elementOf(element, key.slice(1)), `${reading.path}.${key.slice(1)}`);
    }
  }
  reading.extensions.forEach((extension, index) => {
    const name = (extension.url ?? '').replace(/^.*[/-]/, '');
    const here = `${reading.path}.extension[${index}].value`;
    for (const [key, value] of Object.entries(extension)) {
      if (key.startsWith('_value')) {
        add(name, elementOf(extension, key.slice(1)), here);
      } else if (key.startsWith('value') && typeof value === 'object' && value !== null) {
        add(name, value, here);
      }
    }
  });
  return found;
}
