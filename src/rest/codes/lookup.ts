import type { ParametersParameter } from '@medplum/fhirtypes';
import { fhirError } from '../../model/issue.ts';
import { knownCodeSystem } from '../../terminology/known-code-system.ts';
import { type Lookup, lookup as lookUp } from '../../terminology/lookup.ts';
import type { Endpoint } from '../exchange.ts';
import { OperationInput } from '../operation-input.ts';
import { parametersAnswer, stringParameter } from './codings.ts';
import { definitionsOf } from './definitions.ts';

const NAMES = ['code', 'system', 'version', 'coding', 'displayLanguage', 'property'];

/** CodeSystem/$lookup: what is known of a code. `property` limits what is told of it. */
export const lookup: Endpoint = async (exchange) => {
  const input = new OperationInput(exchange, NAMES);
  const coding = input.coding('coding');
  const code = input.text('code') ?? coding?.code;
  const system = input.text('system') ?? coding?.system;
  if (code === undefined || system === undefined) {
    throw fhirError(400, 'required', 'Give code and system, or coding.');
  }
  const version = input.text('version') ?? coding?.version;
  const codeSystem = await knownCodeSystem(system, version, definitionsOf(exchange));
  const found = lookUp(codeSystem, code, input.text('displayLanguage'));
  const wanted = new Set(input.texts('property'));
  const isWanted = (name: string) => wanted.size === 0 || wanted.has(name);
  return parametersAnswer(exchange, [
    { name: 'name', valueString: found.name },
    ...stringParameter('version', found.version),
    ...stringParameter('display', found.display),
    ...(isWanted('designation') ? designationsOf(found) : []),
    ...(isWanted('definition') && found.definition !== undefined
      ? [property('definition', { valueString: found.definition }, undefined)]
      : []),
    ...found.properties
      .filter(({ code: name = '' }) => isWanted(name))
      .map(({ code: name = '', description, id: _, extension: __, ...value }) => property(name, value, description)),
  ]);
};

function designationsOf({ designations }: Lookup): ParametersParameter[] {
  return designations.map(({ language, use, value }) => ({
    name: 'designation',
    part: [
      ...(language === undefined ? [] : [{ name: 'language', valueCode: language }]),
      ...(use === undefined ? [] : [{ name: 'use', valueCoding: use }]),
      ...stringParameter('value', value),
    ],
  }));
}

function property(
  code: string,
  value: Omit<ParametersParameter, 'name'>,
  description: string | undefined,
): ParametersParameter {
  return {
    name: 'property',
    part: [
      { name: 'code', valueCode: code },
      { ...value, name: 'value' },
      ...stringParameter('description', description),
    ],
  };
}
