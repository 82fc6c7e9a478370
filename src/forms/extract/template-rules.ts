import { error, type Issue } from '../../model/issue.ts';
import type { Form, FormItem } from '../form.ts';
import { compileDetails, type EntryDetails } from './entry-details.ts';
import { extensionsNamed, type PlacedExtension, partOf } from './extensions.ts';
import { siteAt } from './site.ts';
import { type TemplateBudget, TemplateCompiler, type TemplateElement } from './template.ts';

/** A resource that is made from a template wherever the form, or one of its items, is answered. */
export interface TemplateRule {
  readonly template: TemplateElement;
  readonly details: EntryDetails;
  readonly path: string;
}

/** templateExtract on an item, or on the form itself. */
export function compileTemplates(
  form: Form,
  item: FormItem | undefined,
  issues: Issue[],
  budget: TemplateBudget,
): readonly TemplateRule[] {
  const placed = extensionsNamed(item?.source ?? form.source, 'templateExtract', item?.path ?? 'Questionnaire');
  return placed.flatMap((each) => {
    const template = compiled(form, item, partOf(each, 'template') ?? each, issues, budget);
    return template === undefined
      ? []
      : [{ template, details: compileDetails(each, siteAt(form, item), issues), path: each.path }];
  });
}

/** templateExtractBundle: a transaction as a template. */
export function compileBundleTemplates(
  form: Form,
  issues: Issue[],
  budget: TemplateBudget,
): readonly TemplateElement[] {
  return extensionsNamed(form.source, 'templateExtractBundle', 'Questionnaire').flatMap((each) => {
    const template = compiled(form, undefined, each, issues, budget);
    if (template !== undefined && template.type !== 'Bundle') {
      issues.push(error('value', 'templateExtractBundle must refer to a contained Bundle.', each.path));
    }
    return template?.type === 'Bundle' ? [template] : [];
  });
}

function compiled(
  form: Form,
  item: FormItem | undefined,
  { extension, path }: PlacedExtension,
  issues: Issue[],
  budget: TemplateBudget,
): TemplateElement | undefined {
  const reference = extension.valueReference?.reference;
  const contained = form.source.contained ?? [];
  const index = contained.findIndex(({ id }) => id !== undefined && `#${id}` === reference);
  const template = contained[index];
  if (template === undefined) {
    issues.push(error('not-found', 'A template must refer to a resource that the Questionnaire contains.', path));
    return undefined;
  }
  const rootType = item === undefined ? 'QuestionnaireResponse' : 'QuestionnaireResponse.item';
  const compiler = new TemplateCompiler(siteAt(form, item), issues, budget);
  return compiler.resource(template, `Questionnaire.contained[${index}]`, rootType);
}
