import { ClientStorage, MedplumClient, MemoryStorage } from '@medplum/core';
import type { EpisodeOfCare, Resource } from '@medplum/fhirtypes';
import { settleCourse } from '../../bots/course/settle-course.ts';

/**
 * What settling a course again would write, without writing it: nothing, if what is stored (consent, membership, orders,
 * registration) is what follows from the course's facts.
 * @param server its FHIR base without /fhir/R4, where the asker may read everything
 * @param now the server's time
 */
export async function derivedAgain(server: string, courseId: string, now: Date): Promise<Resource[]> {
  const medplum = new MedplumClient({
    baseUrl: `${server}/`,
    fhirUrlPath: 'fhir/R4',
    cacheTime: 0,
    storage: new ClientStorage(new MemoryStorage()),
  });
  const written: Resource[] = [];
  const note = async <R extends Resource>(resource: R): Promise<R> => {
    written.push(resource);
    return { ...resource, id: resource.id ?? `noted-${written.length}` };
  };
  const noting = new Proxy(medplum, {
    get(target, name) {
      if (name === 'createResource' || name === 'updateResource' || name === 'createResourceIfNoneExist') return note;
      if (name === 'deleteResource') return () => Promise.reject(new Error('settling deletes nothing'));
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const episode: EpisodeOfCare = await medplum.readResource('EpisodeOfCare', courseId);
  await settleCourse(noting, episode, {
    ...{ cause: episode, previous: undefined, now, production: false },
    ...{ bound: false, mayWithdraw: true, isPatient: false },
  });
  return written;
}
