import { isResourceType } from '../model/resource-types.ts';
import { checkIdentifier } from './check-identifier.ts';
import { checkReference } from './check-reference.ts';
import { Container } from './container.ts';
import { checkExtension } from './extension.ts';
import { checkInvariants } from './invariants/check.ts';
import { isObject, type JsonObject } from './json.ts';
import { narrativeFault } from './narrative.ts';
import { primitiveFault } from './primitive-fault.ts';
import { checkProfiles } from './profiles/check-profiles.ts';
import { type Member, type TypeTable, typeTable } from './type-table.ts';
import { resourceTypeFault, unknownMember } from './unknown-name.ts';
import { DEPTH_MAX, type Walk } from './walk.ts';

/** A resource that stands by itself (the root, or one in a Bundle or Parameters). */
export function walkResource(value: unknown, walk: Walk): void {
  if (!isObject(value)) {
    walk.fault('structure', 'Here a resource must stand: a JSON object.');
    return;
  }
  const outer = walk.container;
  walk.container = new Container(value);
  const before = walk.errors;
  walkAnyResource(value, walk);
  if (walk.errors === before) {
    walk.container.check(walk);
  }
  walk.container = outer;
}

function walkAnyResource(value: unknown, walk: Walk): void {
  if (!isObject(value)) {
    walk.fault('structure', 'Here a resource must stand: a JSON object.');
    return;
  }
  const type = value.resourceType;
  if (typeof type !== 'string' || !isResourceType(type)) {
    walk.fault('structure', resourceTypeFault(type), 'resourceType');
    return;
  }
  const outer = walk.resource;
  walk.resource = value;
  const before = walk.errors;
  walkObject(value, typeTable(type), walk, false);
  if (walk.errors === before) {
    checkProfiles(value, type, walk);
  }
  walk.resource = outer;
}

/** @param mayBeBare true for `_name` beside a value, which may hold no more than an id */
function walkObject(object: JsonObject, table: TypeTable, walk: Walk, mayBeBare: boolean): void {
  if (walk.path.depth > DEPTH_MAX) {
    walk.fault('too-costly', `Elements are nested more than ${DEPTH_MAX} levels deep.`);
    return;
  }
  const before = walk.errors;
  if (table.name !== 'Element') {
    walk.types[walk.path.depth] = table.name;
  }
  // Nearly always there is one at most: no list for that.
  let choice: Member | undefined;
  let moreChoices: Member[] | undefined;
  let bare = true;
  let empty = true;
  for (const name in object) {
    const value = memberOf(object, name);
    if (value === undefined || walk.full) {
      continue;
    }
    const member = table.members.get(name);
    empty = false;
    bare &&= name === 'id';
    if (member === undefined) {
      if (!(table.isResource && name === 'resourceType')) {
        unknownMember(name, table, walk);
      }
      continue;
    }
    if (member.element.choice) {
      if (choice === undefined) {
        choice = member;
      } else {
        if (isOtherType(choice, member) || moreChoices?.some((each) => isOtherType(each, member)) === true) {
          walk.fault(
            'structure',
            `Only one of the types of ${member.element.name}[x] may be given.`,
            member.element.name,
          );
        }
        moreChoices ??= [];
        moreChoices.push(member);
      }
    }
    walkMember(object, value, member, walk);
  }
  if (bare && (empty || !mayBeBare) && !table.isResource) {
    walk.fault('invariant', 'An element must have a value or children; leave it out instead (ele-1).');
  }
  for (const { name, members } of table.required) {
    if (!members.some((member) => object[member] !== undefined)) {
      walk.fault('required', `${table.name}.${name} must be given.`, name);
    }
  }
  if (walk.errors === before) {
    checkType(object, table, walk);
  }
}

/**
 * Out of line on purpose: V8 (Node 24) compiles `object[name]` in a for-in loop for one name again and again, and throws
 * the code away at the next, which takes three times as long in a server that meets many types.
 */
function memberOf(object: JsonObject, name: string): unknown {
  return object[name];
}

/** Whether two members are one choice, of two types. */
function isOtherType(one: Member, other: Member): boolean {
  return one.element === other.element && one.type !== other.type;
}

/** What holds for every object of a type, once its structure is right. */
function checkType(object: JsonObject, table: TypeTable, walk: Walk): void {
  if (table.name === 'Extension') {
    checkExtension(object, walk);
  } else if (table.name === 'Identifier') {
    checkIdentifier(object, walk);
  }
  if (table.invariants.length > 0) {
    checkInvariants(object, table.invariants, walk);
  }
}

function walkMember(object: JsonObject, value: unknown, member: Member, walk: Walk): void {
  const { path } = walk;
  const { name } = member.element;
  if (member.element.max === 0) {
    walk.fault('structure', `${name} may not be given here.`, name);
  } else if (!member.list) {
    path.enter(name, -1);
    if (value === null) {
      walk.fault('structure', 'null is not allowed; leave the element out instead.');
    } else {
      walkValue(value, member, walk, object[member.sibling] !== undefined);
    }
    path.leave();
  } else if (!Array.isArray(value)) {
    walk.fault('structure', `${name} must be a list: a JSON array.`, name);
  } else if (value.length === 0) {
    walk.fault('structure', 'A list may not be empty; leave the element out instead.', name);
  } else {
    walkList(value, object[member.sibling], member, walk);
  }
}

function walkList(values: readonly unknown[], sibling: unknown, member: Member, walk: Walk): void {
  const { path } = walk;
  const primitive = member.shadow || member.form !== undefined;
  const beside: readonly unknown[] = primitive && Array.isArray(sibling) ? sibling : [];
  if (member.shadow && beside.length > 0 && beside.length !== values.length) {
    walk.fault(
      'structure',
      `${member.element.name} and _${member.element.name} must have as many entries; null fills the gaps.`,
      member.element.name,
    );
    return;
  }
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    const paired = beside[index] !== undefined && beside[index] !== null;
    path.enter(member.element.name, index);
    if (value !== null) {
      walkValue(value, member, walk, paired);
    } else if (!paired && !(member.shadow && primitive && beside.length > 0)) {
      walk.fault('structure', 'null may only stand in a list of primitives, where the other half has an entry.');
    }
    path.leave();
  }
}

/** @param paired whether the other half of a primitive is there */
function walkValue(value: unknown, member: Member, walk: Walk, paired: boolean): void {
  if (member.form !== undefined) {
    walkPrimitive(value, member, walk);
  } else if (member.type.type === 'Resource' && !member.shadow) {
    if (member.element.name === 'contained') {
      walkAnyResource(value, walk);
    } else {
      walkResource(value, walk);
    }
  } else if (!isObject(value)) {
    walk.fault(
      'structure',
      `Here ${member.shadow ? 'id and extensions' : member.table.name} must stand: a JSON object.`,
    );
  } else {
    const before = walk.errors;
    if (member.shadow) {
      walk.types[walk.path.depth] = member.type.type;
    }
    walkObject(value, member.table, walk, member.shadow && paired);
    if (walk.errors === before && !member.shadow) {
      if (member.type.type === 'Reference') {
        checkReference(value, member.type.targets, walk);
      }
      checkElement(value, member, walk);
    }
  }
}

function walkPrimitive(value: unknown, member: Member, walk: Walk): void {
  if (member.form?.(value) !== true) {
    walk.fault('value', primitiveFault(member.type.type, value));
    return;
  }
  if (typeof value === 'string') {
    if (member.type.type === 'xhtml') {
      const fault = narrativeFault(value);
      if (fault !== undefined) {
        walk.fault('security', fault);
        return;
      }
    } else if (value.charCodeAt(0) === HASH) {
      walk.container.sees(value, walk.resource);
    }
  }
  checkElement(value, member, walk);
}

const HASH = '#'.charCodeAt(0);

/** What the element, beside its type, demands. */
function checkElement(value: unknown, member: Member, walk: Walk): void {
  const fault = member.binding?.(value);
  if (fault !== undefined) {
    walk.fault('code-invalid', fault);
  } else if (member.invariants.length > 0) {
    checkInvariants(value, member.invariants, walk);
  }
}
