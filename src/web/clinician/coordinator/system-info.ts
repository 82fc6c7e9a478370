import type { MedplumClient } from '@medplum/core';
import type {
  CapabilityStatement,
  ContactDetail,
  PlanDefinition,
  Questionnaire,
  ResearchStudy,
} from '@medplum/fhirtypes';
import { textIn } from '../../../forms/text/translation.ts';
import { bare } from '../../../registry/protocol.ts';
import type { Who } from '../session/who.ts';
import type { AppLanguage } from '../words/language.ts';
import { studyOf } from './registry-study.ts';

/** What runs here, in which versions, and whom to ask about it. */
export interface SystemInfo {
  /** Name and version of the server. */
  readonly software: string;
  readonly fhirVersion: string;
  readonly address: string;
  /** Undefined for a role that has no registry. */
  readonly registry: RegistryInfo | undefined;
}

export interface RegistryInfo {
  readonly title: string;
  readonly version: string;
  /** One line a person or office, with how to reach them. */
  readonly contacts: readonly string[];
  readonly forms: readonly FormVersion[];
}

/** A version of a form, as it is stored. */
export interface FormVersion {
  readonly key: string;
  readonly title: string;
  readonly version: string;
  readonly status: string;
  /** FHIR instant at which it came, or was changed last; undefined where the server tells none. */
  readonly stored: string | undefined;
}

const MAX = '500';

/** Asks the server about itself and the role's registry. */
export async function fetchSystemInfo(medplum: MedplumClient, who: Who, language: AppLanguage): Promise<SystemInfo> {
  const [statement, registry] = await Promise.all([
    medplum.get<CapabilityStatement>(medplum.fhirUrl('metadata')),
    fetchRegistry(medplum, who, language),
  ]);
  const { software, fhirVersion, implementation } = statement;
  return {
    software: [software?.name, software?.version].filter(Boolean).join(' '),
    fhirVersion: fhirVersion ?? '',
    address: implementation?.url ?? medplum.fhirUrl().href,
    registry,
  };
}

async function fetchRegistry(
  medplum: MedplumClient,
  who: Who,
  language: AppLanguage,
): Promise<RegistryInfo | undefined> {
  const id = await studyOf(medplum, who);
  if (id === undefined || who.registry === undefined) return undefined;
  const [study, plan] = await Promise.all([
    medplum.readResource('ResearchStudy', id),
    medplum.readReference<PlanDefinition>({ reference: who.registry }),
  ]);
  const urls = (plan.relatedArtifact ?? []).flatMap(({ label, resource }) =>
    label === undefined || resource === undefined ? [] : bare(resource),
  );
  const forms =
    urls.length === 0
      ? []
      : await medplum.searchResources('Questionnaire', {
          ...{ url: [...new Set(urls)].join(','), _elements: 'url,title,version,status,language', _count: MAX },
        });
  return {
    title: study.title ?? plan.title ?? '',
    version: plan.version ?? '',
    contacts: contactsOf(study),
    forms: formVersions(forms, language),
  };
}

/** Whom a registry names to be asked. */
export function contactsOf({ contact = [] }: Pick<ResearchStudy, 'contact'>): string[] {
  return contact
    .map(({ name, telecom = [] }: ContactDetail) =>
      [name, ...telecom.map(({ value }) => value)].filter(Boolean).join(', '),
    )
    .filter((line) => line !== '');
}

/** Forms by title, the newest version of each first: 1.10.0 comes after 1.9.0. */
export function formVersions(forms: readonly Questionnaire[], language: AppLanguage): FormVersion[] {
  return forms
    .map((form) => ({
      key: `${form.url}|${form.version}`,
      title: textIn(form, 'title', language, form.language ?? 'nb') ?? form.title ?? form.url ?? '',
      version: form.version ?? '',
      status: form.status,
      stored: form.meta?.lastUpdated,
    }))
    .sort(
      (a, b) =>
        a.title.localeCompare(b.title, language) || b.version.localeCompare(a.version, language, { numeric: true }),
    );
}
