import type { MedplumClient } from '@medplum/core';
import type { Consent, Resource } from '@medplum/fhirtypes';
import {
  type ConsentState,
  consentIdentifier,
  consentState,
  consentsFor,
  derivedConsent,
} from '../../src/registry/consent.ts';
import type { Course } from '../../src/registry/course.ts';
import type { CourseReading } from '../../src/registry/course-state.ts';
import { evaluate } from './evaluate.ts';
import type { Occasion } from './occasion.ts';
import { criteria } from './read-course.ts';
import { refuse } from './refuse.ts';
import { save } from './save.ts';

/** The consent of a course after the forms have been heard. Only a form's own write is heard, no other change. */
export async function settleConsent(
  medplum: MedplumClient,
  { registry: { protocol }, course, counting }: CourseReading,
  { cause, mayWithdraw }: Occasion,
): Promise<{ state: ConsentState; consent?: Consent }> {
  const rule = protocol.consent;
  const stored = await medplum.searchResources('Consent', criteria(['patient', `Patient/${course.patient.id}`]));
  const lost = lostStatus(cause, stored);
  if (lost !== undefined && !mayWithdraw) {
    const said =
      lost === 'active' ? 'withdraw a consent that was given' : 'take away that consent was withdrawn or refused';
    refuse(`Only the system coordinator can ${said}.`, 'Consent');
  }
  let consents = consentsFor(stored, rule?.policy, course.episode.id ?? '');
  if (cause.resourceType === 'QuestionnaireResponse' && rule !== undefined) {
    const { system, value } = consentIdentifier(rule, course.episode);
    const existing = stored.find((consent) =>
      consent.identifier?.some((identifier) => identifier.system === system && identifier.value === value),
    );
    const derived = derivedConsent(protocol, counting, cause, existing, evaluate);
    if (derived !== undefined) {
      if (existing?.status === 'active' && derived.status !== 'active' && isStill(cause, course) && !mayWithdraw) {
        refuse('Only the system coordinator can withdraw a consent that was given.', 'QuestionnaireResponse');
      }
      const saved = await save(medplum, derived);
      consents = consentsFor(
        [...consents.filter(({ id }) => id !== saved.id), saved],
        rule.policy,
        course.episode.id ?? '',
      );
    }
  }
  return consentState(consents);
}

/**
 * What a consent said that has been deleted, if it said yes or no. A no that is gone would be a yes again with the next
 * writing of the form.
 */
function lostStatus(cause: Resource, consents: readonly Consent[]): Consent['status'] | undefined {
  if (cause.resourceType !== 'Consent' || consents.some(({ id }) => id === cause.id)) return undefined;
  return ['active', 'inactive', 'rejected'].includes(cause.status) ? cause.status : undefined;
}

/** A form that was deleted, with what it said, withdraws nothing. */
export function isStill({ id }: Resource, { responses }: Course): boolean {
  return responses.some((response) => response.id === id);
}
