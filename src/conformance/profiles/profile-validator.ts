import { fhirError } from '../../model/issue.ts';
import { structures } from '../../model/r4/structures.ts';
import { isObject, type JsonObject, objectsOf } from '../json.ts';
import { checkValue } from './check-constraint.ts';
import { constraintTree } from './constraint-tree.ts';
import type { Profile, ProfileContext } from './profile.ts';

const DEFINITION = 'http://hl7.org/fhir/StructureDefinition/';

/**
 * A StructureDefinition that constrains a type, made ready to check values: from its snapshot, or, where it has none,
 * from its differential together with the profile that it is derived from. Checked are cardinalities, types, targets of
 * references, fixed values and patterns, least and greatest values, lengths, required bindings, invariants, slices (by
 * value, pattern, existence, type and profile), and the profiles of data types and extensions. Not checked: whether what a reference leads to keeps to a profile.
 *
 * Base R4 must hold already: a profile is asked only about valid resources.
 *
 * @throws FhirError 422 if it is not a StructureDefinition that constrains a type of R4
 */
export function profileValidator(definition: JsonObject, context: ProfileContext): Profile {
  const { url, type, baseDefinition } = definition;
  if (typeof url !== 'string' || typeof type !== 'string' || !structures().has(type)) {
    throw fhirError(
      422,
      'invalid',
      'A profile needs a url and the type of R4 that it constrains.',
      'StructureDefinition',
    );
  }
  const snapshot = elementsOf(definition.snapshot);
  const elements = snapshot.length > 0 ? snapshot : elementsOf(definition.differential);
  const constraint = constraintTree(elements, type);
  const parent =
    snapshot.length === 0 && typeof baseDefinition === 'string' && baseDefinition !== `${DEFINITION}${type}`
      ? baseDefinition
      : undefined;
  const open = new WeakSet<JsonObject>();
  return {
    url,
    type,
    constraint,
    contexts: objectsOf(definition.context).map((each) => ({
      type: String(each.type),
      expression: String(each.expression),
    })),
    modifier: elements.some(({ path, isModifier }) => path === type && isModifier === true),
    check(value, walk) {
      // Profiles may be derived from each other in a circle, by mistake or malice.
      if (open.has(value)) {
        return;
      }
      open.add(value);
      if (parent !== undefined) {
        const base = context.profiles(parent);
        if (base === undefined) {
          walk.unknownProfile(parent);
        } else {
          base.check(value, walk);
        }
      }
      checkValue({ value, type, index: -1 }, constraint, { walk, context, profile: url });
      open.delete(value);
    },
  };
}

function elementsOf(part: unknown): readonly JsonObject[] {
  return isObject(part) ? objectsOf(part.element) : [];
}
