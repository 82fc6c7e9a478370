import { randomUUID } from 'node:crypto';
import type { ValueSet } from '@medplum/fhirtypes';
import { fhirError } from '../../model/issue.ts';
import { expandValueSet } from '../../terminology/expand-value-set.ts';
import { textAnswer } from '../answer.ts';
import type { Endpoint } from '../exchange.ts';
import { OperationInput } from '../operation-input.ts';
import { definitionsOf, ofPath } from './definitions.ts';

const NAMES = [
  'url',
  'valueSetVersion',
  'valueSet',
  'filter',
  'offset',
  'count',
  'includeDesignations',
  'activeOnly',
  'excludeNested',
  'excludeNotForUI',
  'displayLanguage',
];

/** ValueSet/$expand and ValueSet/[id]/$expand: the codes of a value set. */
export const expand: Endpoint = async (exchange) => {
  const input = new OperationInput(exchange, NAMES, { ValueSet: 'valueSet' });
  const url = input.text('url');
  const version = input.text('valueSetVersion');
  const canonical = url !== undefined && version !== undefined ? `${url}|${version}` : url;
  const asked =
    (await ofPath<ValueSet>(exchange, 'ValueSet')) ?? input.resource<ValueSet>('valueSet', 'ValueSet') ?? canonical;
  if (asked === undefined) {
    throw fhirError(400, 'required', 'There is no value set to expand: give url, valueSet, or the id in the path.');
  }
  const expanded = await expandValueSet(
    asked,
    definitionsOf(exchange, asked),
    {
      filter: input.text('filter'),
      offset: input.count('offset'),
      count: input.count('count'),
      includeDesignations: input.boolean('includeDesignations'),
      activeOnly: input.boolean('activeOnly'),
      excludeNested: input.boolean('excludeNested'),
      excludeNotForUI: input.boolean('excludeNotForUI'),
      displayLanguage: input.text('displayLanguage'),
    },
    { identifier: `urn:uuid:${randomUUID()}`, timestamp: exchange.context.clock.now().toISOString() },
  );
  return textAnswer(exchange, JSON.stringify(expanded));
};
