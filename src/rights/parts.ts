import type { Engine } from '../interactions/engine.ts';
import { fhirError } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import type { Rid } from '../model/rid.ts';
import { textAnswer } from '../rest/answer.ts';
import type { Answer, Exchange } from '../rest/exchange.ts';
import type { Secrets } from '../runtime/secrets.ts';

/** What the operations on patients' rights work with. */
export interface RightsParts {
  readonly engine: Engine;
  readonly secrets: Secrets;
  /** In whose calendar deadlines count. */
  readonly zone: string;
  /** What other rooms hold of a patient and have to forget with it, in the commit of the erasure. */
  readonly forget: readonly ((db: Queryable, patient: Rid) => Promise<void>)[];
  /** Removes what a channel keeps of notices, by their idempotency keys. */
  readonly forgetNotices?: ((keys: readonly string[]) => Promise<void>) | undefined;
}

/** The id in the path of an operation on one resource. */
export function pathId({ route }: Exchange): string {
  if (route.kind !== 'operation' || route.id === undefined) {
    throw fhirError(400, 'not-supported', 'This operation is asked of one resource.');
  }
  return route.id;
}

/** A resource as the whole answer of an operation (FHIR R4 operations.html#response: a lone `return`). */
export function returned(exchange: Exchange, resource: object): Answer {
  return textAnswer(exchange, JSON.stringify(resource));
}

const WORDS_MAX = 4000;

/** Words that a person wrote. @throws FhirError 400 where they are too many, or missing and `needed` */
export function words(given: string | undefined, name: string): string {
  const text = wordsMaybe(given, name);
  if (text === undefined) {
    throw fhirError(400, 'required', `The parameter ${name} is needed.`);
  }
  return text;
}

export function wordsMaybe(given: string | undefined, name: string): string | undefined {
  const text = given?.trim();
  if (text !== undefined && text.length > WORDS_MAX) {
    throw fhirError(400, 'too-long', `The parameter ${name} may have ${WORDS_MAX} characters.`);
  }
  return text === '' ? undefined : text;
}
