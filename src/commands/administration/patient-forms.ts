import type { Questionnaire, Task } from '@medplum/fhirtypes';
import type { Command } from '../command.ts';
import { fhirClient, serverOption } from './fhir-client.ts';
import { instantText, listText } from './list-text.ts';
import { nameOf, textOf } from './registrations.ts';

const ORDER = 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp|complete-questionnaire';

/** SmerteReg manual 1.8, "Pasientregistreringer". */
export const patientForms: Command = {
  summary: 'the forms of patients, each with its state, why it is so, and until when it may be answered',
  operands: '',
  flags: { all: 'those too that are answered, expired, closed or stopped' },
  options: {
    state: 'only in this state: withheld, planned, ordered, sent, reminded, unreachable, paper, answered …',
    course: 'only of this course, by its id',
    ...serverOption,
  },
  async run(invocation) {
    const { options, flags, settings } = invocation;
    const { state, course } = options;
    const open = !flags.has('all') && state === undefined;
    const { matches, includes } = await fhirClient(invocation).all('Task', [
      ['code', ORDER],
      ...(open ? [['status', 'draft,requested,received,accepted,ready,in-progress,on-hold'] as const] : []),
      ...(state === undefined ? [] : [['business-status', state] as const]),
      ...(course === undefined ? [] : [['focus', `EpisodeOfCare/${course}`] as const]),
      ['_include', 'Task:patient'],
      ['_include', 'Task:questionnaire'],
    ]);
    const names = new Map(includes.map((one) => [`${one.resourceType}/${one.id}`, nameOf(one)]));
    const titles = new Map(
      includes
        .filter((one): one is Questionnaire => one.resourceType === 'Questionnaire')
        .map(({ url, version, title }) => [`${url}|${version}`, title ?? '']),
    );
    const rows = matches
      .filter((one): one is Task => one.resourceType === 'Task')
      .map((task) => {
        const form = task.input?.flatMap(({ valueCanonical }) => valueCanonical ?? [])[0] ?? '';
        const period = task.restriction?.period;
        return [
          names.get(task.for?.reference ?? '') ?? task.for?.reference ?? '',
          task.focus?.reference?.split('/')[1] ?? '',
          titles.get(form) ?? form.split('/').pop() ?? '',
          textOf(task.businessStatus) || (task.status ?? ''),
          textOf(task.statusReason),
          instantText(period?.start, settings.timeZone),
          instantText(period?.end, settings.timeZone),
        ];
      })
      .sort((a, b) => `${a[0]} ${a[1]}`.localeCompare(`${b[0]} ${b[1]}`, 'nb'));
    const head = ['patient', 'course', 'form', 'state', 'why', 'dispatch', 'until'];
    process.stdout.write(rows.length === 0 ? 'There is none.\n' : listText(head, rows));
  },
};
