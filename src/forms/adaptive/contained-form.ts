import type { Extension, Questionnaire, QuestionnaireItem, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import type { Form, FormItem } from '../form.ts';
import { containedValueSet } from '../options.ts';

const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const adaptiveUrl = `${sdc}questionnaireAdaptive`;
const derivationUrl = 'http://hl7.org/fhir/StructureDefinition/questionnaire-derivationType';
/** Decided by the server, question by question; and it may ask about what was never asked. */
const DECIDED: ReadonlySet<string> = new Set([`${sdc}enableWhenExpression`]);

/** Whether a form is asked question by question (SDC questionnaireAdaptive: true, or the address of who asks). */
export function isAdaptive({ extension }: Questionnaire): boolean {
  return (
    extension?.some(
      ({ url, valueBoolean, valueUrl }) => url === adaptiveUrl && (valueBoolean === true || valueUrl !== undefined),
    ) === true
  );
}

/** The form of an adaptive response: what has been asked so far; undefined where it contains none. */
export function containedForm({ contained, questionnaire }: QuestionnaireResponse): Questionnaire | undefined {
  return contained?.find(
    (each): each is Questionnaire => each.resourceType === 'Questionnaire' && `#${each.id}` === questionnaire,
  );
}

/** The canonical of the form that an adaptive response is asked by; undefined for a response that contains no form. */
export function adaptiveBase(response: QuestionnaireResponse): string | undefined {
  const [base, another] = containedForm(response)?.derivedFrom ?? [];
  return another === undefined ? base : undefined;
}

/** The linkIds of all items that have been asked. */
export function askedIn(form: Questionnaire): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (items: readonly QuestionnaireItem[]): void => {
    for (const { linkId, item = [] } of items) {
      found.add(linkId);
      walk(item);
    }
  };
  walk(form.item ?? []);
  return found;
}

/**
 * The resources of an adaptive response that tell what was asked: a form of the items that `isAsked` admits, with what they
 * stand in, and the value sets that it needs. Conditions are left out: they have been decided.
 */
export function containedResources(form: Form, id: string, isAsked: (item: FormItem) => boolean): readonly Resource[] {
  const { source, url = '', version } = form;
  const item = askedItems(form.roots, isAsked);
  const extension: Extension[] = [
    { url: adaptiveUrl, valueBoolean: true },
    ...(source.extension ?? []).filter((each) => each.url !== adaptiveUrl),
  ];
  const derivationType = { system: 'http://hl7.org/fhir/questionnaire-derivationType', code: 'compliesWith' };
  const { language, title, subjectType } = source;
  const questionnaire = {
    resourceType: 'Questionnaire' as const,
    id,
    ...(language === undefined ? {} : { language }),
    extension,
    ...(title === undefined ? {} : { title }),
    derivedFrom: [version === undefined ? url : `${url}|${version}`],
    _derivedFrom: [{ extension: [{ url: derivationUrl, valueCoding: derivationType }] }],
    status: form.status,
    ...(subjectType === undefined ? {} : { subjectType }),
    ...(item.length === 0 ? {} : { item }),
  };
  return [questionnaire, ...valueSetsOf(source, item)];
}

function askedItems(level: ReadonlyMap<string, FormItem>, isAsked: (item: FormItem) => boolean): QuestionnaireItem[] {
  return [...level.values()].flatMap((item) => {
    const inner = askedItems(item.children, isAsked);
    if (inner.length === 0 && !isAsked(item)) return [];
    const { enableWhen: _, enableBehavior: __, item: ___, extension: all, ...own } = item.source;
    const extension = (all ?? []).filter(({ url = '' }) => !DECIDED.has(url));
    return [
      { ...own, ...(extension.length === 0 ? {} : { extension }), ...(inner.length === 0 ? {} : { item: inner }) },
    ];
  });
}

function valueSetsOf(source: Questionnaire, items: readonly QuestionnaireItem[]): readonly Resource[] {
  const found = new Set<Resource>();
  const walk = (level: readonly QuestionnaireItem[]): void => {
    for (const { answerValueSet, item = [] } of level) {
      const valueSet = containedValueSet(source, answerValueSet);
      if (valueSet !== undefined) found.add(valueSet);
      walk(item);
    }
  };
  walk(items);
  return [...found];
}
