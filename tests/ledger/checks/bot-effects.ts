import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Communication, Observation, ResearchSubject, Resource, Task } from '@medplum/fhirtypes';
import type pg from 'pg';
import type { CourseRun } from '../course-run.ts';
import type { Stored } from './stored.ts';

/** What the bots made of each course, once everything has fallen due: nothing lost, nothing doubled. */
export async function checkBotEffects(
  pool: pg.Pool,
  dataDir: string,
  courses: readonly CourseRun[],
  stored: Stored,
): Promise<string[]> {
  const faults: string[] = [];
  const all = <R extends Resource>(type: R['resourceType']): R[] =>
    stored.current.flatMap((row) => (row.type === type && row.resource ? [row.resource as R] : []));
  const tasks = all<Task>('Task');
  const notices = all<Communication>('Communication');
  const scores = all<Observation>('Observation').filter((one) => one.derivedFrom !== undefined);
  const subjects = all<ResearchSubject>('ResearchSubject');

  for (const resources of [tasks, notices, scores]) {
    const byIdentifier = Map.groupBy<string, { identifier?: { value?: string }[]; resourceType: string }>(
      resources,
      (one) => one.identifier?.[0]?.value ?? '',
    );
    for (const [value, same] of byIdentifier) {
      if (value === '' || same.length > 1) {
        faults.push(`${same.length} of ${same[0]?.resourceType} with the identifier ${value}`);
      }
    }
  }

  for (const { course, answered } of courses) {
    const reference = `Patient/${course.patient}`;
    const wrong = (what: string): number => faults.push(`the course of ${reference}: ${what}`);
    const memberships = subjects.filter((one) => one.individual.reference === reference && !one.period?.end);
    const places = memberships.map((one) => `${one.study.reference} ${one.status}`).join(', ');
    if (places !== 'ResearchStudy/smertereg on-study') {
      wrong(`its membership is ${places || 'lost'}`);
    }
    const orders = tasks.filter((task) => task.for?.reference === reference && formOf(task) !== '');
    const planned = orders.filter((task) => stateOf(task) === 'planned');
    if (planned.map(formOf).sort().join(' ') !== 'smertereg-eval smertereg-opioid') {
      wrong(`its planned orders are ${planned.map(formOf).join(' ')}`);
    }
    const asked = orders.filter((task) => stateOf(task) !== 'planned');
    if (asked.map(formOf).sort().join(' ') !== 'hads smertereg-pasreg') {
      wrong(`its orders are ${asked.map(formOf).join(' ')}`);
    }
    for (const task of asked) {
      const wasAnswered = answered && formOf(task) === 'hads';
      const state = stateOf(task);
      if (state !== (wasAnswered ? 'answered' : 'expired')) {
        wrong(`the order of ${formOf(task)} is ${state}`);
      }
      const kinds = notices.filter((one) => refersTo(one, `Task/${task.id}`)).map(kindOf);
      if (!wasAnswered && kinds.sort().join(' ') !== 'notice reminder') {
        wrong(`the notices of ${formOf(task)} are ${kinds.join(' ')}`);
      }
    }
    const derived = scores.filter((one) => one.subject?.reference === reference);
    if (derived.length !== (answered ? 2 : 0)) {
      wrong(`${derived.length} scores`);
    }
  }

  faults.push(...checkSent(notices, tasks, await readdir(path.join(dataDir, 'spool')).catch(() => [])));

  const left = await pool.query<{ bot: string; parked: boolean; problem: string }>('select * from outbox');
  faults.push(...left.rows.map((row) => `left in the outbox: ${row.bot} ${row.parked ? 'parked' : ''} ${row.problem}`));
  return faults;
}

/**
 * Every notice was carried once. One whose order was answered before it was carried is stopped; the channel may have it all
 * the same, from a process that died before it could say so.
 */
function checkSent(notices: readonly Communication[], tasks: readonly Task[], files: readonly string[]): string[] {
  const answered = new Set(tasks.flatMap(({ id, status }) => (status === 'completed' ? [`Task/${id}`] : [])));
  const stopped = notices.filter(
    ({ status, basedOn }) => status === 'stopped' && answered.has(basedOn?.[0]?.reference ?? ''),
  );
  const may = new Set(stopped.map(fileOf));
  const completed = notices.filter(({ status }) => status === 'completed');
  const sent = files.filter((file) => !may.has(file)).sort();
  return notices.length === completed.length + stopped.length && sent.join() === completed.map(fileOf).sort().join()
    ? []
    : [`${files.length} notices were sent for ${notices.length} Communications, ${completed.length} completed`];
}

function stateOf({ businessStatus }: Task): string | undefined {
  return businessStatus?.coding?.[0]?.code;
}

function formOf(task: Task): string {
  return /Questionnaire\/([^|]+)/.exec(task.input?.[0]?.valueCanonical ?? '')?.[1] ?? '';
}

function kindOf(notice: Communication): string {
  return notice.category?.[0]?.coding?.[0]?.code ?? '';
}

function refersTo(notice: Communication, reference: string): boolean {
  return [...(notice.basedOn ?? []), ...(notice.about ?? [])].some((one) => one.reference === reference);
}

/** As the spool names it. */
function fileOf(notice: Communication): string {
  return `${createHash('sha256').update(`Communication/${notice.id}`).digest('hex').slice(0, 32)}.json`;
}
