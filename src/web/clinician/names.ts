import type { HumanName, Resource } from '@medplum/fhirtypes';

/** What lists and headings call a resource: of a place its short name; its reference where it has no name. */
export function nameOf(resource: Resource): string {
  switch (resource.resourceType) {
    case 'Patient':
    case 'Practitioner':
    case 'RelatedPerson':
      return personName(resource.name) || `${resource.resourceType}/${resource.id}`;
    case 'Location':
    case 'Organization':
      return resource.alias?.[0] ?? resource.name ?? `${resource.resourceType}/${resource.id}`;
    default:
      return `${resource.resourceType}/${resource.id}`;
  }
}

/** Family name first, as lists are sorted by it; a name that is no longer used only where there is no other. */
function personName(names: readonly HumanName[] = []): string {
  const [used] = names.toSorted((a, b) => Number(a.use === 'old') - Number(b.use === 'old'));
  return used?.text ?? [used?.family, used?.given?.join(' ')].filter(Boolean).join(', ');
}
