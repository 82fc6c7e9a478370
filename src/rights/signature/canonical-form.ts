import type { Consent } from '@medplum/fhirtypes';
import canonicalize from 'canonicalize';

/**
 * What is signed of a Consent: its JSON in the canonical form of RFC 8785, without what the server alone gives a version
 * (`meta.versionId`, `meta.lastUpdated`). @param content the stored text
 */
export function canonicalForm(content: string): string {
  const { meta, ...consent } = JSON.parse(content) as Consent;
  const { versionId: _, lastUpdated: __, ...kept } = meta ?? {};
  const form = canonicalize(Object.keys(kept).length > 0 ? { ...consent, meta: kept } : consent);
  if (form === undefined) {
    throw new Error('the resource has no canonical form');
  }
  return form;
}
