import type { ConceptMap, ParametersParameter } from '@medplum/fhirtypes';
import type { Query } from '../../interactions/types.ts';
import { fhirError } from '../../model/issue.ts';
import { type Match, translate as translateBy, translates } from '../../terminology/translate.ts';
import type { Endpoint, Exchange } from '../exchange.ts';
import { OperationInput } from '../operation-input.ts';
import { codingsAsked, parametersAnswer, stringParameter } from './codings.ts';
import { byCanonical, definitions, escaped, ofPath } from './definitions.ts';

const NAMES = [
  'url',
  'conceptMap',
  'conceptMapVersion',
  'code',
  'system',
  'version',
  'display',
  'coding',
  'codeableConcept',
  'source',
  'target',
  'targetsystem',
  'reverse',
];

/**
 * ConceptMap/$translate and ConceptMap/[id]/$translate: what a code is in another code system. Without a map, all active
 * ones are asked that have the code's system, and `source` and `target` if these are given.
 */
export const translate: Endpoint = async (exchange) => {
  const input = new OperationInput(exchange, NAMES, { ConceptMap: 'conceptMap' });
  const reverse = input.boolean('reverse');
  const options = { reverse, targetSystem: input.text('targetsystem') };
  const matches: Match[] = [];
  for (const coding of codingsAsked(input, input.text('system'), 'version')) {
    for (const map of await mapsAsked(exchange, input, coding.system ?? '')) {
      const found = await translateBy(map, coding, options, (url) =>
        byCanonical<ConceptMap>(exchange, 'ConceptMap', url),
      );
      for (const each of found) {
        matches.push(each);
      }
    }
  }
  const result = matches.some(translates);
  return parametersAnswer(exchange, [
    { name: 'result', valueBoolean: result },
    ...stringParameter('message', result ? undefined : 'No map that was asked has a translation of the code.'),
    ...matches.map(matchParameter),
  ]);
};

async function mapsAsked(exchange: Exchange, input: OperationInput, system: string): Promise<readonly ConceptMap[]> {
  const given =
    (await ofPath<ConceptMap>(exchange, 'ConceptMap')) ?? input.resource<ConceptMap>('conceptMap', 'ConceptMap');
  if (given !== undefined) {
    return [given];
  }
  const url = input.text('url');
  if (url !== undefined) {
    const version = input.text('conceptMapVersion');
    const found = await byCanonical<ConceptMap>(
      exchange,
      'ConceptMap',
      version === undefined ? url : `${url}|${version}`,
    );
    if (found === undefined) {
      throw fhirError(404, 'not-found', 'The concept map that is asked for is not known here.');
    }
    return [found];
  }
  const source = input.text('source');
  const target = input.text('target');
  const reverse = input.boolean('reverse') === true;
  const query: Query = [
    ['status', 'active'],
    [reverse ? 'target-system' : 'source-system', escaped(system)],
  ];
  const found = await definitions<ConceptMap>(exchange, 'ConceptMap', query);
  const [from, to] = reverse ? [target, source] : [source, target];
  return found.filter(
    (map) =>
      (from === undefined || (map.sourceUri ?? map.sourceCanonical)?.split('|')[0] === from) &&
      (to === undefined || (map.targetUri ?? map.targetCanonical)?.split('|')[0] === to),
  );
}

function matchParameter({ equivalence, concept, source }: Match): ParametersParameter {
  return {
    name: 'match',
    part: [
      { name: 'equivalence', valueCode: equivalence },
      ...(concept === undefined ? [] : [{ name: 'concept', valueCoding: concept }]),
      ...(source === undefined ? [] : [{ name: 'source', valueUri: source }]),
    ],
  };
}
