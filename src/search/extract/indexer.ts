import { plain, TypedNode } from '../../fhirpath/collection.ts';
import { ANY } from '../../fhirpath/type-model.ts';
import type { SearchKind } from '../parameters.ts';
import { dateIndexer } from './date.ts';
import type { Indexer } from './emit.ts';
import { isObject } from './json.ts';
import { numberIndexer } from './number.ts';
import { positionIndexer } from './position.ts';
import { quantityIndexer } from './quantity.ts';
import { referenceIndexer } from './reference.ts';
import { stringIndexer } from './string.ts';
import { tokenIndexer } from './token.ts';
import { uriIndexer } from './uri.ts';

/**
 * How a parameter of a kind indexes values of a FHIR type; undefined if it does not. An Extension stands for its value;
 * where the type is told by the value alone (ANY), the values are TypedNodes.
 */
export function indexer(kind: SearchKind, type: string, baseUrl: string): Indexer | undefined {
  if (type === ANY) {
    return byItsType(kind, baseUrl);
  }
  if (type === 'Extension') {
    return byExtension(kind, baseUrl);
  }
  switch (kind) {
    case 'token':
      return tokenIndexer(type);
    case 'reference':
      return referenceIndexer(type, baseUrl);
    case 'uri':
      return uriIndexer(type);
    case 'string':
      return stringIndexer(type);
    case 'date':
      return dateIndexer(type);
    case 'number':
      return numberIndexer(type);
    case 'quantity':
      return quantityIndexer(type);
    case 'special':
      return positionIndexer;
    default:
      return undefined;
  }
}

function remembered(kind: SearchKind, baseUrl: string): (type: string) => Indexer | undefined {
  const made = new Map<string, Indexer | undefined>();
  return (type) => {
    if (!made.has(type)) {
      made.set(type, indexer(kind, type, baseUrl));
    }
    return made.get(type);
  };
}

function byItsType(kind: SearchKind, baseUrl: string): Indexer {
  const ofType = remembered(kind, baseUrl);
  return (value, out) => {
    if (value instanceof TypedNode && value.type !== ANY) {
      ofType(value.type)?.(plain(value), out);
    }
  };
}

const VALUE = /^value([A-Z][A-Za-z0-9]*)$/;

function byExtension(kind: SearchKind, baseUrl: string): Indexer {
  const ofType = remembered(kind, baseUrl);
  return (value, out) => {
    if (!isObject(value)) {
      return;
    }
    for (const name of Object.keys(value)) {
      const type = VALUE.exec(name)?.[1];
      if (type !== undefined) {
        const primitive = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
        const indexed = typeof value[name] === 'object' ? ofType(type) : ofType(primitive);
        indexed?.(value[name], out);
      }
    }
  };
}
