import type {
  CodeableConcept,
  Coding,
  Identifier,
  Parameters,
  ParametersParameter,
  Reference,
  Resource,
} from '@medplum/fhirtypes';
import { validateResource } from '../conformance/validate-resource.ts';
import { FhirError, fhirError } from '../model/issue.ts';
import type { Exchange } from './exchange.ts';
import { optionalBody } from './resource-body.ts';

/**
 * What an operation is given: Parameters in the body, primitive ones in the query too, or a bare resource where the
 * operation takes one (FHIR R4 operations.html#executing). Names that the operation does not have are refused, and
 * Parameters that are not valid.
 */
export class OperationInput {
  readonly #given: readonly ParametersParameter[];

  /**
   * @param names the parameters that the operation has
   * @param bare the parameter that a body which is not Parameters stands for, by its type
   * @throws FhirError 400
   */
  constructor(exchange: Exchange, names: readonly string[], bare: Readonly<Record<string, string>> = {}) {
    this.#given = [
      ...bodyOf(exchange, bare),
      ...exchange.query.map(([name, valueString]) => ({ name, valueString })),
    ].filter(({ valueString }) => valueString !== '');
    for (const { name } of this.#given) {
      if (!names.includes(name ?? '')) {
        throw fhirError(
          400,
          'not-supported',
          `A parameter is not known here. This operation takes ${names.join(', ')}.`,
        );
      }
    }
  }

  text(name: string): string | undefined {
    const given = this.#one(name);
    const value = given?.valueString ?? given?.valueUri ?? given?.valueCanonical ?? given?.valueCode ?? given?.valueUrl;
    return this.#typed(name, given, value, 'a string, uri or code');
  }

  texts(name: string): readonly string[] {
    return this.#given
      .filter((each) => each.name === name)
      .flatMap((each) => each.valueString ?? each.valueCode ?? each.valueUri ?? []);
  }

  /** @throws FhirError 400 for what is neither true nor false */
  boolean(name: string): boolean | undefined {
    const given = this.#one(name);
    const told = given?.valueString === undefined ? undefined : { true: true, false: false }[given.valueString];
    return this.#typed(name, given, given?.valueBoolean ?? told, 'true or false');
  }

  /** A whole number from 0 on. @throws FhirError 400 for anything else */
  count(name: string): number | undefined {
    const given = this.#one(name);
    const text = given?.valueString;
    const told = text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
    const value = given?.valueInteger ?? given?.valuePositiveInt ?? given?.valueUnsignedInt ?? told;
    return this.#typed(name, given, value !== undefined && value >= 0 ? value : undefined, 'a whole number from 0 on');
  }

  coding(name: string): Coding | undefined {
    const given = this.#one(name);
    return this.#typed(name, given, given?.valueCoding, 'a Coding');
  }

  concept(name: string): CodeableConcept | undefined {
    const given = this.#one(name);
    return this.#typed(name, given, given?.valueCodeableConcept, 'a CodeableConcept');
  }

  /** As a Reference, or by its text in the query. */
  reference(name: string): Reference | undefined {
    const given = this.#one(name);
    const text = given?.valueString;
    return this.#typed(
      name,
      given,
      given?.valueReference ?? (text === undefined ? undefined : { reference: text }),
      'a Reference',
    );
  }

  identifier(name: string): Identifier | undefined {
    const given = this.#one(name);
    return this.#typed(name, given, given?.valueIdentifier, 'an Identifier');
  }

  /** A parameter that may come in several types, as it came. */
  one(name: string): ParametersParameter | undefined {
    return this.#one(name);
  }

  /** Every parameter of a name, as it came: for those that repeat and have parts. */
  all(name: string): readonly ParametersParameter[] {
    return this.#given.filter((each) => each.name === name);
  }

  resource<T extends Resource>(name: string, type: T['resourceType']): T | undefined {
    const given = this.#one(name);
    const is = (resource: Resource | undefined): resource is T => resource?.resourceType === type;
    return this.#typed(name, given, is(given?.resource) ? given.resource : undefined, `a ${type}`);
  }

  /** @throws FhirError 400 where it is given more than once */
  #one(name: string): ParametersParameter | undefined {
    const [given, another] = this.#given.filter((each) => each.name === name);
    if (another !== undefined) {
      throw fhirError(400, 'invalid', `The parameter ${name} may be given only once.`);
    }
    return given;
  }

  #typed<T>(name: string, given: ParametersParameter | undefined, value: T | undefined, wanted: string): T | undefined {
    if (given !== undefined && value === undefined) {
      throw fhirError(400, 'value', `The parameter ${name} must be ${wanted}.`);
    }
    return value;
  }
}

function bodyOf(exchange: Exchange, bare: Readonly<Record<string, string>>): readonly ParametersParameter[] {
  const sent = optionalBody(exchange);
  if (sent === undefined) {
    return [];
  }
  const { resource } = sent;
  const issues = validateResource(resource).filter(({ severity }) => severity === 'error');
  if (issues.length > 0) {
    throw new FhirError(400, issues);
  }
  const name = bare[resource.resourceType];
  if (name !== undefined) {
    return [{ name, resource }];
  }
  if (!isParameters(resource)) {
    const others = Object.keys(bare).map((type) => ` or a ${type}`);
    throw fhirError(400, 'invalid', `The body must be Parameters${others.join('')}.`, 'resourceType');
  }
  return resource.parameter ?? [];
}

function isParameters(resource: Resource): resource is Parameters {
  return resource.resourceType === 'Parameters';
}
