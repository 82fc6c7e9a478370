import { isObject, TypedNode } from './collection.ts';

const TYPED = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/**
 * What a Reference (or a canonical or uri) refers to, as far as the reference itself tells: a node of the right type that
 * holds nothing, or the contained resource. Undefined if it does not tell.
 */
export function referred(reference: unknown, rootResource: unknown): TypedNode | undefined {
  const target = isObject(reference) ? reference.reference : reference;
  if (typeof target === 'string') {
    if (target.startsWith('#')) {
      return contained(target.slice(1), rootResource);
    }
    const type = TYPED.exec(target)?.[1];
    if (type !== undefined) {
      return new TypedNode(type, {});
    }
  }
  const stated = isObject(reference) ? reference.type : undefined;
  return typeof stated === 'string' ? new TypedNode(stated, {}) : undefined;
}

function contained(id: string, rootResource: unknown): TypedNode | undefined {
  const all = isObject(rootResource) ? rootResource.contained : undefined;
  const found = Array.isArray(all) ? all.find((each) => isObject(each) && each.id === id) : undefined;
  const type = isObject(found) ? found.resourceType : undefined;
  return typeof type === 'string' ? new TypedNode(type, found) : undefined;
}
