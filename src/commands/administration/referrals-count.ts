import { readFile } from 'node:fs/promises';
import type { MeasureReport, Parameters } from '@medplum/fhirtypes';
import type { Command } from '../command.ts';
import { countOptions, studyOf } from './coverage.ts';
import { fhirClient } from './fhir-client.ts';

const USAGE =
  'referrals-count takes load, with --hospital, --from, --to and --count, or with --file: npm run svar -- referrals-count load --file counts.csv';

interface Count {
  readonly hospital: string;
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** Loads how many were referred by another source than the referrals that are here. */
export const referralsCount: Command = {
  summary: 'load how many courses were referred, by another source, for coverage',
  operands: '<load>',
  flags: {},
  options: {
    ...countOptions,
    count: 'how many were referred in these days',
    file: 'a CSV file instead, with the columns hospital, from, to, count',
  },
  async run(invocation) {
    const { operands, options } = invocation;
    const { file, hospital, from, to, count } = options;
    if (operands[0] !== 'load' || operands.length > 1) throw new Error(USAGE);
    const counts =
      file === undefined
        ? [read([hospital ?? '', from ?? '', to ?? '', count ?? ''], 'the options')]
        : countsOf(await readFile(file, 'utf8'));
    const server = fhirClient(invocation);
    const study = await studyOf(invocation, server);
    for (const each of counts) {
      await server.post<MeasureReport>(`${study}/$load-count`, parametersOf(each));
      process.stdout.write(`${each.hospital}, ${each.from} to ${each.to}: ${each.count} referred\n`);
    }
  },
};

/** Reads a CSV whose first line is hospital,from,to,count. @throws Error that names the line */
export function countsOf(text: string): readonly Count[] {
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (head.replaceAll(/[\s"\uFEFF]/g, '') !== 'hospital,from,to,count') {
    throw new Error('The first line of the file must be hospital,from,to,count.');
  }
  return lines.map((line, at) =>
    read(
      line.split(',').map((cell) => cell.trim()),
      `line ${at + 2}`,
    ),
  );
}

function read([hospital = '', from = '', to = '', count = '', ...more]: readonly string[], where: string): Count {
  const day = /^\d{4}-\d{2}-\d{2}$/;
  const right = /^Organization\/[A-Za-z0-9.-]+$/.test(hospital) && day.test(from) && day.test(to);
  if (!right || !/^\d{1,7}$/.test(count) || more.length > 0) {
    throw new Error(`In ${where}: a hospital as Organization/haukeland, two days as 2026-01-31 and a whole number.`);
  }
  return { hospital, from, to, count: Number(count) };
}

function parametersOf({ hospital, from, to, count }: Count): Parameters {
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'hospital', valueReference: { reference: hospital } },
      { name: 'start', valueDate: from },
      { name: 'end', valueDate: to },
      { name: 'count', valueInteger: count },
    ],
  };
}
