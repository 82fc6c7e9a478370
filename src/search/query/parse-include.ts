import { isResourceType, type ResourceType } from '../../model/resource-types.ts';
import { paramName } from '../keys.ts';
import type { SearchParameterDef } from '../parameters.ts';
import { assertComplete } from './criterion.ts';
import type { Include, IncludeParam } from './nodes.ts';
import type { ParseContext } from './parse-context.ts';
import { NotSupported, unknownParameter } from './refusals.ts';

/**
 * `_include=Source:param[:Target]`, `_revinclude=…`, with `:iterate`; `*` for every reference, of one type or of all
 * (R4 §3.1.1.5.4).
 */
export function parseInclude(name: string, value: string, context: ParseContext): Include {
  const [base = '', modifier] = name.split(':');
  if (modifier !== undefined && modifier !== 'iterate' && modifier !== 'recurse') {
    throw new NotSupported(name, `${base} has no modifier other than :iterate.`);
  }
  const reverse = base === '_revinclude';
  const iterate = modifier !== undefined;
  const [source = '', code = '*', target] = value.split(':');
  if (target !== undefined && !isResourceType(target)) {
    throw new NotSupported(name, `${base} names an unknown target type.`);
  }
  if (source === '*' && code === '*') {
    if (reverse) {
      throw new NotSupported(name, '_revinclude needs a type: _revinclude=Type:parameter.');
    }
    return { reverse, iterate, source, params: [], wildcard: true, target };
  }
  if (!isResourceType(source)) {
    throw new NotSupported(name, `${base} must be of the form Type:parameter or Type:parameter:TargetType.`);
  }
  const params =
    code === '*'
      ? context.parameters.list(source).filter((param) => param.kind === 'reference')
      : [reference(source, code, context)];
  return { reverse, iterate, source, params: params.map(toInclude), wildcard: code === '*', target };
}

function reference(source: ResourceType, code: string, context: ParseContext): SearchParameterDef {
  const param = context.parameters.get(source, code);
  if (param === undefined) {
    throw unknownParameter(code, source, context.parameters);
  }
  assertComplete(param);
  if (param.kind !== 'reference') {
    throw new NotSupported(code, `${code} of ${source} is not a reference.`);
  }
  return param;
}

function toInclude(param: SearchParameterDef): IncludeParam {
  return { type: param.type, code: param.code, name: paramName(param), targets: param.targets };
}
