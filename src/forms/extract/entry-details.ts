import type { BundleEntry, Resource } from '@medplum/fhirtypes';
import type { Issue } from '../../model/issue.ts';
import { primitiveForms } from '../../model/r4/primitive-forms.ts';
import type { Site } from '../expressions/compile-expressions.ts';
import { compileExtract, type ExtractExpression } from './compile.ts';
import type { Evaluation, Standing } from './evaluation.ts';
import { type PlacedExtension, partOf } from './extensions.ts';
import { fitted } from './fitted.ts';

const CONDITIONS = ['ifNoneMatch', 'ifModifiedSince', 'ifMatch', 'ifNoneExist'] as const;
const DETAILS = ['fullUrl', 'resourceId', ...CONDITIONS] as const;
type Detail = (typeof DETAILS)[number];

/** The expressions of an extension that say how a resource stands in the Bundle: definitionExtract, templateExtract, … */
export type EntryDetails = ReadonlyMap<Detail, ExtractExpression>;

export const noDetails: EntryDetails = new Map();

export function compileDetails(placed: PlacedExtension, site: Site, issues: Issue[]): EntryDetails {
  const details = new Map<Detail, ExtractExpression>();
  for (const name of DETAILS) {
    const part = partOf(placed, name);
    const expression = part && compileExtract(part, site, issues);
    if (expression !== undefined) {
      details.set(name, expression);
    }
  }
  return details;
}

/** An entry of the transaction that is being made. */
export interface MadeEntry {
  entry: BundleEntry;
  /** Whether there is anything in it. */
  kept: boolean;
}

/**
 * The entry of a transaction for a resource: an update where the resource has an id, else a create (SDC, "Populating the
 * transaction bundle entry").
 *
 * @param newUuid `urn:uuid:…`, where no fullUrl is told
 */
export function bundleEntry(
  resource: Resource,
  details: EntryDetails,
  evaluation: Evaluation,
  standing: Standing,
  newUuid: () => string,
): BundleEntry {
  const text = (name: Detail, type: 'id' | 'instant' | 'string' | 'uri'): string | undefined => {
    const expression = details.get(name);
    const [value] = expression === undefined ? [] : evaluation.values(expression, standing);
    if (expression === undefined || value === undefined) {
      return undefined;
    }
    const found = fitted(value, [type])?.value;
    if (typeof found !== 'string' || !primitiveForms[type](found)) {
      evaluation.warn('value', `What is extracted as ${name} is no ${type}.`, expression.path);
      return undefined;
    }
    return found;
  };
  const resourceId = text('resourceId', 'id');
  const identified = resourceId === undefined ? resource : { ...resource, id: resourceId };
  const { resourceType, id } = identified;
  const conditions = Object.fromEntries(
    CONDITIONS.flatMap((name) => {
      const value = text(name, name === 'ifModifiedSince' ? 'instant' : 'string');
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    fullUrl: text('fullUrl', 'uri') ?? newUuid(),
    resource: identified,
    request: {
      ...(id === undefined ? { method: 'POST', url: resourceType } : { method: 'PUT', url: `${resourceType}/${id}` }),
      ...conditions,
    },
  };
}
