import type { Bundle, BundleEntry, Questionnaire, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import type { Issue } from '../../model/issue.ts';
import { compileQuery } from '../expressions/compile-query.ts';
import type { FormData } from '../expressions/data.ts';
import { openForm } from '../expressions/form-state.ts';
import { Names } from '../expressions/names.ts';
import type { Form } from '../form.ts';

const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
/** The name by which $populate is given the answers to the sourceQueries (SDC $populate, context.name). */
export const SOURCE_QUERIES = 'sourceQueries';
/** The FHIRPath percent sign escaped for a URL; SDC's published example writes %37. */
const ESCAPED_PERCENT = /\{\{\s*%(?:25|37)(?=[A-Za-z])/g;

interface SourceBundle extends Bundle {
  /** The name under which expressions know what the queries found. */
  readonly id: string;
}

/** The contained batch of queries that a form wants to be populated from (SDC sourceQueries). */
export function sourceBundle({ source }: Form): SourceBundle | undefined {
  const reference = source.extension?.find(({ url }) => url === `${sdc}sourceQueries`)?.valueReference?.reference;
  return source.contained?.find(
    (each): each is SourceBundle => each.resourceType === 'Bundle' && reference === `#${each.id}`,
  );
}

/** What expressions are evaluated with, the answers to the form's sourceQueries among it, unless they were given. */
export function withSources(form: Form, start: QuestionnaireResponse, data: FormData): FormData {
  const sources = sourceBundle(form);
  return sources === undefined || Object.hasOwn(data.launch ?? {}, sources.id)
    ? data
    : { ...data, launch: { ...data.launch, [sources.id]: answeredSources(form, start, data, sources) } };
}

/** The batch with its answers, entry by entry; an entry whose query was not answered holds none. */
function answeredSources(form: Form, start: QuestionnaireResponse, data: FormData, sources: SourceBundle): Bundle {
  const state = openForm(form, start, data);
  const site = { names: new Names(), items: form.items, item: undefined, launchContexts: form.launchContexts };
  const answers = (sources.entry ?? []).map(({ fullUrl, request }): BundleEntry => {
    const url = (request?.url ?? '').replace(ESCAPED_PERCENT, '{{%');
    const text = queryText(() => state.snapshot.queryText(compileQuery(url, site), state.root));
    const resource = text === undefined ? undefined : (data.queries?.(text) as Resource | undefined);
    return { ...(fullUrl === undefined ? {} : { fullUrl }), ...(resource === undefined ? {} : { resource }) };
  });
  return { resourceType: 'Bundle', id: sources.id, type: 'batch-response', entry: answers };
}

/** Undefined where a placeholder can't be evaluated, or has no value yet. */
function queryText(make: () => string | undefined): string | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

/** Tells that a StructureMap of the form was not applied. */
export function refuseMaps({ source }: Form): readonly Issue[] {
  return hasMap(source)
    ? [
        {
          severity: 'warning',
          code: 'not-supported',
          diagnostics: 'The form names a StructureMap to be populated by (sourceStructureMap); it was not applied.',
          expression: ['Questionnaire.extension'],
        },
      ]
    : [];
}

function hasMap({ extension }: Questionnaire): boolean {
  return extension?.some(({ url }) => url === `${sdc}sourceStructureMap`) === true;
}
