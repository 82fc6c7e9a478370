import type { Organization, Parameters, PlanDefinition, Practitioner, ResearchStudy } from '@medplum/fhirtypes';
import type { Request, Response, Router } from 'express';
import { type Caller, systemCaller } from '../../model/caller.ts';
import { FhirError } from '../../model/issue.ts';
import { checkAccount } from '../accounts/account.ts';
import { type Accounts, WAITING_MAX } from '../accounts/accounts.ts';
import type { SignInCookies } from '../accounts/cookies.ts';
import { type RateLimits, signInLimits } from '../accounts/rate-limits.ts';
import type { RoleChoice } from '../accounts/sign-in-step.ts';
import type { Ask } from '../create-identity.ts';
import { idIn, type StoredResources } from '../stored.ts';
import { type NewUserFields, newUserForm } from './forms.ts';
import { html } from './html.ts';
import type { Page } from './layout.ts';
import { chosenLanguage, formText, readerLanguage, seeOther, sendPage } from './page-answer.ts';
import { type Words, wordsIn } from './words.ts';

export interface NewUserParts {
  readonly accounts: Accounts;
  readonly cookies: SignInCookies;
  readonly limits: RateLimits;
  /** Registries at hospitals, as workplaces() finds them. */
  readonly places: (key: '') => Promise<readonly RoleChoice[]>;
  readonly ask: Ask;
  /** What somebody may do who has no role yet: apply for one. @param fhirUser `Practitioner/x` */
  readonly newcomer: (fhirUser: string) => Promise<Caller>;
  readonly addressOf: (request: Request) => string;
}

const PATH = '/account/new';
const TEXT_MAX = 100;
const FIELDS = ['login', 'given', 'family', 'mobile', 'position', 'region', 'department', 'place', 'role'] as const;

/**
 * `/account/new`: applying for access as SmerteReg's manual has it («Opprette ny bruker»). Makes a Practitioner, an account
 * that waits, and the application by PractitionerRole/$apply; what becomes of it is up to the coordinator. Who holds a
 * role then is sent a first password (welcomeNewUsers).
 */
export function newUserPage(router: Router, parts: NewUserParts): void {
  const answer = (handle: (request: Request, words: Words) => Promise<Page>) => {
    return async (request: Request, response: Response): Promise<void> => {
      const language = readerLanguage(request, parts.cookies.language(request));
      sendPage(response, await handle(request, wordsIn(language)), language);
    };
  };
  router.get(PATH, async (request, response) => {
    const chosen = chosenLanguage(request);
    if (chosen !== undefined) {
      response.append('set-cookie', parts.cookies.setLanguage(chosen));
      return seeOther(response, PATH);
    }
    await answer((_request, words) => formPage(parts, words, typedIn(request)))(request, response);
  });
  router.post(
    PATH,
    answer(async (request, words) => {
      const typed = typedIn(request);
      const again = (error: string, status: number) => formPage(parts, words, typed, error, status);
      const wait_ms = await parts.limits.exceeded(signInLimits.newUsersByAddress, parts.addressOf(request));
      if (wait_ms !== undefined) return again(words.refusal({ kind: 'wait', wait_ms }), 429);
      const outcome = await applied(parts, typed);
      if (outcome !== 'applied') return again(words[outcome], 400);
      return { title: words.newUser, body: html`<p><a href="/sign-in">${words.signIn}</a></p>`, note: words.applied };
    }),
  );
}

function typedIn(request: Request): NewUserFields {
  const text = (name: string): string => formText(request, name).trim().slice(0, TEXT_MAX);
  return Object.fromEntries(FIELDS.map((name) => [name, text(name)])) as Record<(typeof FIELDS)[number], string>;
}

async function formPage(
  { places }: NewUserParts,
  words: Words,
  typed: NewUserFields,
  error?: string,
  status = 200,
): Promise<Page> {
  const body = newUserForm(words, typed, await places(''), error !== undefined);
  return { title: words.newUser, body, error, status };
}

async function applied(
  parts: NewUserParts,
  typed: NewUserFields,
): Promise<'applied' | 'taken' | 'incomplete' | 'notSent'> {
  const { accounts, ask } = parts;
  const { login, given, family, mobile, position, role } = typed;
  const number = mobile.replace(/[\s()-]/g, '');
  const place = (await parts.places('')).find(({ id }) => id === typed.place);
  const complete =
    FIELDS.every((name) => typed[name] !== '') && place !== undefined && (role === 'lu' || role === 'lc');
  try {
    checkAccount({ login, fhirUser: 'Practitioner/x', mobile: number });
    if (!complete) return 'incomplete';
  } catch (problem) {
    if (problem instanceof FhirError) return 'incomplete';
    throw problem;
  }
  if ((await accounts.waiting()).length >= WAITING_MAX) return 'notSent';
  if ((await accounts.named(login)) !== undefined) return 'taken';
  const practitioner: Practitioner = { resourceType: 'Practitioner', active: true, name: [{ family, given: [given] }] };
  const made = await ask(systemCaller, '/Practitioner', practitioner);
  if (made?.id === undefined) return 'notSent';
  const fhirUser = `Practitioner/${made.id}`;
  const [registry = '', hospital = ''] = typed.place.split(' ');
  const parameters: Parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'role', valueCode: role },
      { name: 'registry', valueReference: { reference: registry } },
      { name: 'hospital', valueReference: { reference: hospital } },
      { name: 'position', valueString: position },
      { name: 'region', valueString: typed.region },
      { name: 'department', valueString: typed.department },
    ],
  };
  if ((await ask(await parts.newcomer(fhirUser), '/PractitionerRole/$apply', parameters)) === undefined)
    return 'notSent';
  return accounts.request({ login, fhirUser, mobile: number }).then(
    () => 'applied' as const,
    (problem: unknown) => {
      if (problem instanceof FhirError) return 'taken' as const;
      throw problem;
    },
  );
}

/** Registries at hospitals that take part in them, as values of the form's `place`. */
export async function workplaces(stored: StoredResources): Promise<readonly RoleChoice[]> {
  const studies = await stored.search<ResearchStudy>('ResearchStudy', ['status', 'active']);
  // what local studies are part of is national: nobody works there
  const national = new Set(studies.flatMap(({ resource }) => resource.partOf?.map(({ reference }) => reference) ?? []));
  const found = new Map<string, string>();
  for (const { resource } of studies) {
    const plan = idIn(resource.protocol?.[0]?.reference, 'PlanDefinition');
    const organization = idIn(resource.sponsor?.reference, 'Organization');
    if (plan === undefined || organization === undefined || national.has(`ResearchStudy/${resource.id}`)) continue;
    const registry = await stored.read<PlanDefinition>('PlanDefinition', plan);
    const hospital = await stored.read<Organization>('Organization', organization);
    if (registry === undefined || hospital?.resource.active === false || hospital === undefined) continue;
    const title = `${registry.resource.title ?? plan}, ${hospital.resource.name ?? organization}`;
    found.set(`PlanDefinition/${plan} Organization/${organization}`, title);
  }
  return [...found].map(([id, title]) => ({ id, title })).sort((a, b) => a.title.localeCompare(b.title, 'nb'));
}
