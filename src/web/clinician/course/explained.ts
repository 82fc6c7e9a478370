import type { QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { extensionUrl } from '../../../registry/names.ts';

/** With why it was opened or corrected; without what was said at an earlier time. */
export function explained<R extends QuestionnaireResponse | Task>(resource: R, reason: string): R {
  const { extension = [], ...rest } = resource;
  const others = extension.filter(({ url }) => url !== extensionUrl.changeReason);
  const said = reason.trim();
  const all = said === '' ? others : [...others, { url: extensionUrl.changeReason, valueString: said }];
  return (all.length === 0 ? rest : { ...rest, extension: all }) as R;
}
