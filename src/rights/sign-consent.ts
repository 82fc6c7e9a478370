import type { Bundle, Consent, EpisodeOfCare, Library, PlanDefinition, Provenance, Resource } from '@medplum/fhirtypes';
import { asServer, type Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { consentIdentifier, consentsFor, isUnanswered } from '../registry/consent.ts';
import { extensionUrl, identifierSystem } from '../registry/names.ts';
import { bare, readProtocol } from '../registry/protocol.ts';
import type { Endpoint } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { authorized } from './authority.ts';
import { refuseOtherRegistries } from './extracts/approve.ts';
import { inOneCommit, type Work } from './one-commit.ts';
import { pathId, type RightsParts, returned } from './parts.ts';
import { actor, consentsOf, fulfilRequests, provenanceOf } from './record.ts';
import { canonicalForm } from './signature/canonical-form.ts';
import { type Signer, signDetached } from './signature/detached-jws.ts';
import { SigningKeys } from './signature/signing-keys.ts';

/** What the patient says, and what a Consent then is. */
const STATUS: Readonly<Record<string, Consent['status']>> = {
  give: 'active',
  refuse: 'rejected',
  withdraw: 'inactive',
};
const TEXT_CHARACTERS_MAX = 500;

/** What is signed. */
interface Signing {
  readonly patientId: string;
  readonly status: Consent['status'];
  readonly registry: string;
  readonly course: string | undefined;
  /** canonical|version of the words that were shown. */
  readonly text: string;
}

/**
 * Patient/[id]/$sign-consent: the patient's own word on a registry, signed; a withdrawal is open to the registry's SC
 * too, on the patient's behalf. Consents, the place of the courses in the registry (an enforcing bot's work), and a Provenance with the
 * signature for each Consent are one commit.
 */
export function signConsent({ engine, secrets }: RightsParts): Endpoint {
  const keys = new SigningKeys(secrets);
  return async (exchange) => {
    const { caller } = exchange;
    const patientId = pathId(exchange);
    const input = new OperationInput(exchange, ['decision', 'registry', 'course', 'text']);
    const signing = asked(input, patientId);
    const act = signing.status === 'inactive' ? 'withdraw' : 'consent';
    const bundle = await inOneCommit(engine, asServer(caller), async (work) => {
      const { patient, inPerson } = await authorized(work.db, caller, act, patientId);
      if (!inPerson) {
        await refuseOtherRegistries(work, caller, signing.registry);
      }
      await work.alone(patient.rid);
      const signed: Resource[] = [];
      for (const consent of await consentsToSign(work, signing)) {
        const stored = await work.save<Consent>(decided(consent, signing, caller, work.now));
        signed.push(stored, await work.save(await signatureOf(work, keys, stored, signing, caller)));
      }
      await fulfilRequests(work, 'consent', patientId);
      return { resourceType: 'Bundle', type: 'collection', entry: signed.map((resource) => ({ resource })) } as Bundle;
    });
    return returned(exchange, bundle);
  };
}

function asked(input: OperationInput, patientId: string): Signing {
  const decision = input.text('decision') ?? '';
  const status = Object.hasOwn(STATUS, decision) ? STATUS[decision] : undefined;
  const registry = input.text('registry');
  const text = input.text('text');
  if (status === undefined) {
    throw fhirError(400, 'value', `decision is one of ${Object.keys(STATUS).join(', ')}.`);
  }
  if (registry === undefined || text === undefined) {
    throw fhirError(
      400,
      'required',
      'Both registry and text are needed: of which registry, and which words were shown.',
    );
  }
  if (text.length > TEXT_CHARACTERS_MAX || !/^[^\s|]+\|[^\s|]+$/.test(text)) {
    throw fhirError(400, 'value', 'text names the words that were shown as canonical|version.');
  }
  return { patientId, status, registry, text, course: input.reference('course')?.reference };
}

/**
 * Where the decision goes: to the consent of the course that is named; else to all that there are under the registry's
 * policy; else to a new one, about all courses.
 */
async function consentsToSign(work: Work, { patientId, registry, course, status, text }: Signing): Promise<Consent[]> {
  const [plan] = await work.find<PlanDefinition>('PlanDefinition', [['url', registry]]);
  const rule = plan && readProtocol(plan).consent;
  if (rule === undefined) {
    throw fhirError(422, 'not-found', 'There is no registry with this canonical that asks for consent.');
  }
  await refuseOtherText(work, rule.text, text);
  const own = (await consentsOf(work, patientId)).filter(({ status: now }) => now !== 'entered-in-error');
  const fresh = (value: string, data: EpisodeOfCare | undefined): Consent => ({
    resourceType: 'Consent',
    status,
    identifier: [{ system: identifierSystem.consent, value }],
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'research' }] },
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'RESEARCH' }] }],
    patient: { reference: `Patient/${patientId}` },
    policy: [{ uri: rule.policy }],
    policyRule: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'OPTIN' }] },
    provision: data === undefined ? {} : { provision: [{ data: [aboutCourse(data)] }] },
  });
  if (course !== undefined) {
    const episodes = await work.find<EpisodeOfCare>('EpisodeOfCare', [['patient', `Patient/${patientId}`]]);
    const episode = episodes.find(({ id }) => course === `EpisodeOfCare/${id}`);
    if (episode === undefined) {
      throw fhirError(422, 'not-found', 'This patient has no such course.');
    }
    const identifier = consentIdentifier(rule, episode);
    const known = own.find((each) => each.identifier?.some(({ value }) => value === identifier.value));
    return [known ?? fresh(identifier.value, episode)];
  }
  const known = own.filter(
    // what is pending, or was not open, is about one course alone: a decision for all courses is more than an answer to it
    (each) => !isUnanswered(each) && consentsFor([each], rule.policy, aboutId(each)).length > 0,
  );
  return known.length > 0 ? known : [fresh(`${patientId}/${rule.policy}`, undefined)];
}

/**
 * What is signed are words of the registry's own, in a version that is here: also one that is not the latest any more, which
 * may stand on a page that was opened before. A registry that names no words leaves it to who shows them.
 */
async function refuseOtherText(work: Work, own: string | undefined, text: string): Promise<void> {
  if (own === undefined) return;
  const [url = '', version = ''] = text.split('|');
  const found =
    url === bare(own)
      ? await work.find<Library>('Library', [
          ['url', url.replace(/[\\,$]/g, '\\$&')],
          ['version', version.replace(/[\\,$]/g, '\\$&')],
        ])
      : [];
  if (found.length === 0) throw fhirError(422, 'business-rule', `The words of this registry are ${own}.`);
}

function aboutCourse({ id }: EpisodeOfCare) {
  return { meaning: 'dependents' as const, reference: { reference: `EpisodeOfCare/${id}` } };
}

/** The course that a consent is about, if it is about one. */
function aboutId({ provision }: Consent): string {
  const data = [...(provision?.data ?? []), ...(provision?.provision ?? []).flatMap((part) => part.data ?? [])];
  return data[0]?.reference?.reference?.split('/')[1] ?? '';
}

function decided(consent: Consent, { status, patientId }: Signing, caller: Caller, now: Date): Consent {
  const type = status === 'active' ? 'permit' : 'deny';
  const parts = consent.provision?.provision;
  return {
    ...consent,
    // why consent was missing is said no more: the patient has spoken
    extension: consent.extension?.filter(({ url }) => url !== extensionUrl.missingKind),
    status,
    dateTime: now.toISOString(),
    performer: [caller.agent === undefined ? { reference: `Patient/${patientId}` } : actor(caller)],
    provision:
      parts === undefined
        ? { ...consent.provision, type }
        : { ...consent.provision, provision: parts.map((part) => ({ ...part, type })) },
  };
}

/** A Provenance with the signature of one version of a Consent. */
async function signatureOf(
  work: Work,
  keys: SigningKeys,
  consent: Consent,
  { patientId, text }: Signing,
  caller: Caller,
): Promise<Provenance> {
  const { key, kid } = await keys.current(work.db, work.now);
  const { agent } = caller;
  const signer: Signer = {
    who: agent?.who ?? caller.name,
    role: agent?.role ?? caller.kind,
    strength: agent?.strength ?? 'none',
    client: agent?.client ?? caller.name,
    ...(agent?.session === undefined ? {} : { session: agent.session }),
    text,
    at: work.now.toISOString(),
  };
  const jws = await signDetached(canonicalForm(JSON.stringify(consent)), signer, key, kid);
  return {
    ...provenanceOf('consent', caller, patientId, [consent], work.now),
    policy: [text],
    signature: [
      {
        type: [{ system: 'urn:iso-astm:E1762-95:2013', code: '1.2.840.10065.1.12.1.7', display: 'Consent Signature' }],
        when: work.now.toISOString(),
        who: actor(caller),
        targetFormat: 'application/fhir+json;canonicalization=http://hl7.org/fhir/canonicalization/json',
        sigFormat: 'application/jose',
        data: Buffer.from(jws).toString('base64'),
      },
    ],
  };
}
