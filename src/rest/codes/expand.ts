import { randomUUID } from 'node:crypto';
import { expandValueSet } from '../../terminology/expand-value-set.ts';
import { textAnswer } from '../answer.ts';
import type { Endpoint } from '../exchange.ts';
import { OperationInput } from '../operation-input.ts';
import { askedValueSet } from './asked-value-set.ts';
import { definitionsOf } from './definitions.ts';

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
  const asked = await askedValueSet(exchange, input);
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
