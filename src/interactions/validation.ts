import { FhirError, hasErrors, type Issue } from '../model/issue.ts';
import { read } from '../store/read.ts';
import { type Context, database } from './engine.ts';
import { missingTargets, resolveReferences } from './references.ts';
import { refuseReferred } from './referrers.ts';
import type { Interactions } from './types.ts';

const NOTHING = new Map<string, string>();

/** $validate: what a write of the resource would be told. */
export function validation(context: Context): Pick<Interactions, 'validate'> {
  const { engine } = context;
  const db = database(context);
  return {
    async validate(caller, { resource }, { profile, mode }) {
      if (mode === 'delete') {
        const current = resource.id && (await read(db, caller, resource.resourceType, resource.id));
        return current && !current.deleted ? issuesOf(() => refuseReferred(engine, db, caller, [current])) : [];
      }
      const claimed = resource.meta?.profile ?? [];
      const judged =
        profile === undefined || claimed.includes(profile)
          ? resource
          : { ...resource, meta: { ...resource.meta, profile: [...claimed, profile] } };
      const { issues } = await engine.judge.judge(db, caller, judged);
      const own =
        mode === 'create' || resource.id === undefined ? undefined : `${resource.resourceType}/${resource.id}`;
      const references = await resolveReferences(engine, db, caller, resource, NOTHING, new Set(), own);
      // what a write looks up only once it is stored
      const missing = hasErrors(references.issues) ? [] : await missingTargets(db, caller, references.targets, NOTHING);
      return [...issues, ...references.issues, ...missing];
    },
  };
}

async function issuesOf(work: () => Promise<void>): Promise<readonly Issue[]> {
  try {
    await work();
    return [];
  } catch (failure) {
    if (failure instanceof FhirError) {
      return failure.issues;
    }
    throw failure;
  }
}
