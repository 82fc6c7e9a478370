import { createHmac } from 'node:crypto';
import type { Rid } from '../../model/rid.ts';
import type { Secrets } from '../../runtime/secrets.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
/** 100 bits: nobody meets two that are equal by chance. */
const CHARACTERS = 20;

/**
 * The pseudonyms of one project: equal in every extract of it, and without the server's secret linked neither to a person
 * nor to the pseudonyms of another project.
 */
export class Pseudonyms {
  readonly #key: Buffer;

  /** @param project the id of its ResearchStudy */
  constructor(secrets: Secrets, project: string) {
    this.#key = createHmac('sha256', secrets.key('pseudonyms of extracts')).update(project).digest();
  }

  of(kind: 'patient' | 'course', rid: Rid): string {
    const bytes = this.#digest(`${kind} ${rid}`);
    return Array.from({ length: CHARACTERS }, (_, index) => ALPHABET[(bytes[index] ?? 0) & 31]).join('');
  }

  /** By how many days all dates of a patient are moved: of every number from -max to max equally likely. */
  dayShift(patient: Rid, max: number): number {
    const number = this.#digest(`shift ${patient}`).readUIntBE(0, 6);
    return (number % (2 * max + 1)) - max;
  }

  #digest(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}
