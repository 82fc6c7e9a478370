import { Text } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import { filled, writing } from '../../../charts/said.ts';
import { useWho } from '../session/who-context.ts';
import { useLanguage } from '../words/words-context.ts';
import { type Days, thisYear } from './days.ts';
import { HospitalCharts } from './hospital-charts.tsx';
import { LoadedPage } from './loaded-page.tsx';
import { PeriodForm } from './period-form.tsx';
import { studyOf } from './registry-study.ts';
import { fetchReports, type HospitalReport } from './reports.ts';

interface CountsPageProps {
  /** Whose words head the page, and what is asked of the registry's study. */
  readonly shows: 'coverage' | 'overview';
  readonly monthsMax?: number;
}

/** What is counted of a registry in a period: of one's own hospital, of a system coordinator's all or one of them. */
export function CountsPage({ shows, monthsMax }: CountsPageProps): ReactElement {
  const medplum = useMedplum();
  const who = useWho();
  const language = useLanguage();
  const [days, setDays] = useState<Days>(() => thisYear(new Date()));
  const [hospitals, setHospitals] = useState<readonly HospitalReport[]>([]);
  const [chosen, setChosen] = useState('');
  const how = writing(language, Intl.DateTimeFormat().resolvedOptions().timeZone);
  return (
    <LoadedPage
      head={(words) => words[shows]}
      load={async () => {
        const study = await studyOf(medplum, who);
        const reports = study === undefined ? [] : await fetchReports(medplum, study, `$${shows}`, days, how);
        setHospitals(reports.length > 1 ? reports : []);
        return reports;
      }}
      by={[medplum, who, days, language, shows]}
      above={(words) => (
        <PeriodForm
          days={days}
          monthsMax={monthsMax}
          words={words}
          onShow={setDays}
          hospitals={hospitals.length === 0 ? undefined : { all: hospitals, chosen, onChoose: setChosen }}
        />
      )}
    >
      {({ value: reports, words }) => (
        <>
          <p className="coordinator-printed">
            {filled(words.coverage.period, { start: how.day(days.start), end: how.day(days.end) })}
          </p>
          {reports.length === 0 && <Text>{words.coverage.noHospital}</Text>}
          {reports
            .filter(({ hospital }) => chosen === '' || hospital === chosen)
            .map((report) => (
              <HospitalCharts key={report.hospital} report={report} words={words} how={how} />
            ))}
        </>
      )}
    </LoadedPage>
  );
}
