import type { Library, PlanDefinition, Questionnaire } from '@medplum/fhirtypes';
import { FhirError } from '../model/issue.ts';
import { clinicianForms } from './course-state.ts';
import { bare, isProtocol, type Protocol, readProtocol } from './protocol.ts';
import { scoreLibrary } from './scored-forms.ts';

/** Placeholders of bots/manifest.json: lists of form canonicals that follow from the loaded registries. */
export type FormList = 'course-forms' | 'ordered-forms' | 'scored-forms';

/**
 * A manifest's search criterion with its placeholders (`{{course-forms}}`) replaced by comma-separated canonicals
 * without version. Undefined where a list is empty: then nothing triggers the bot by this criterion. To be done again
 * whenever a PlanDefinition, a Questionnaire or a Library changes.
 */
export function expandTrigger(
  criterion: string,
  plans: readonly PlanDefinition[],
  questionnaires: readonly Questionnaire[],
  libraries: readonly Library[],
): string | undefined {
  const lists = formLists(plans, questionnaires, libraries);
  let empty = false;
  const expanded = criterion.replace(/\{\{([a-z-]+)\}\}/g, (whole, name: string) => {
    const list = name in lists ? lists[name as FormList] : undefined;
    if (list === undefined) throw new Error(`Unknown placeholder ${whole} in a bot's trigger`);
    empty ||= list.length === 0;
    return list.join(',');
  });
  return empty ? undefined : expanded;
}

function formLists(
  plans: readonly PlanDefinition[],
  questionnaires: readonly Questionnaire[],
  libraries: readonly Library[],
): Record<FormList, string[]> {
  const lists = { course: new Set<string>(), ordered: new Set<string>() };
  for (const protocol of plans.filter(isProtocol).flatMap(readable)) {
    for (const { questionnaire } of clinicianForms(protocol)) lists.course.add(questionnaire);
    for (const form of protocol.schedule) lists.ordered.add(bare(form.questionnaire));
  }
  const scored = questionnaires.filter((form) => scoreLibrary(form, libraries) !== undefined);
  return {
    'course-forms': [...lists.course].sort(),
    'ordered-forms': [...lists.ordered].sort(),
    'scored-forms': [...new Set(scored.flatMap(({ url }) => url ?? []))].sort(),
  };
}

/** Whoever stores a faulty protocol is told so; until it is corrected, it triggers nothing and the others go on. */
function readable(plan: PlanDefinition): Protocol[] {
  try {
    return [readProtocol(plan)];
  } catch (fault) {
    if (fault instanceof FhirError) return [];
    throw fault;
  }
}
