import type { Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { withoutFileLimits, withoutTotalLimit } from './attachment-limits.ts';
import { asDialectText } from './explaining-items.ts';
import { withFarReferences } from './far-references.ts';
import type { Translated } from './import.ts';
import { controlsWithDoubles } from './item-control.ts';
import { withExtensions } from './item-marks.ts';
import { itemTwins, lastPart } from './item-twins.ts';
import { noteFormForRefero, noteItemForRefero } from './not-in-refero.ts';
import { Notes } from './notes.ts';
import { withoutReferenceOptions } from './option-references.ts';
import { unparked } from './parked.ts';
import { type Place, withVariables } from './place.ts';
import { withRenderOption } from './render-options.ts';
import { isScore } from './score-codes.ts';
import { withDoubles } from './twins.ts';
import { weightTwin, withExtensionsChanged } from './weights.ts';

/**
 * An SDC form as one that runs in Refero: all that the dialect says differently is said in both ways. A form that came by
 * importHelsenorge comes out as it was, with SDC beside. Issues: warnings on what Refero does not do, information on what
 * Helsenorge wants beside. importHelsenorge gives the form back.
 */
export function exportHelsenorge(questionnaire: Questionnaire): Translated {
  const notes = new Notes();
  const limited = withoutTotalLimit(questionnaire);
  const item = limited.item?.map((each, index) =>
    exportItem(
      each,
      {
        questionnaire: limited,
        path: `Questionnaire.item[${index}]`,
        variables: withVariables(new Map(), limited.extension),
      },
      notes,
    ),
  );
  const contained = limited.contained === undefined ? undefined : withExtensionsChanged(limited.contained, weighted);
  noteFormForRefero(limited, notes);
  const whole = withExtensions(limited, withFarReferences(limited.extension ?? []));
  return {
    questionnaire: { ...whole, ...(contained !== undefined && { contained }), ...(item !== undefined && { item }) },
    issues: notes.issues,
  };
}

function exportItem(source: QuestionnaireItem, around: Omit<Place, 'item'>, notes: Notes): QuestionnaireItem {
  const { path } = around;
  const variables = withVariables(around.variables, source.extension);
  const item = withRenderOption(asDialectText(withoutFileLimits(withoutReferenceOptions(source))));
  const place: Place = { ...around, item, variables };
  const extensions = itemTwins(place).reduce<Extension[]>(
    (list, twin) =>
      withDoubles(list, twin, ({ url }, fault) => {
        if (!isScore(item)) notes.warn(`${lastPart(url)} ${fault}.`, path);
      }),
    withFarReferences(unparked(item.extension ?? [])),
  );
  const { answerOption, item: children, ...rest } = withExtensions(item, controlsWithDoubles(extensions));
  const result: QuestionnaireItem = {
    ...rest,
    ...(answerOption !== undefined && { answerOption: withExtensionsChanged(answerOption, weighted) }),
    ...(children !== undefined && {
      item: children.map((child, index) =>
        exportItem(child, { ...around, path: `${path}.item[${index}]`, variables }, notes),
      ),
    }),
  };
  noteItemForRefero(result, path, notes);
  return result;
}

function weighted(extensions: Extension[]): Extension[] {
  return withDoubles(extensions, weightTwin, () => {});
}
