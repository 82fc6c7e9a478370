import { Button, Text } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import { countBars } from '../../../charts/count-bars.ts';
import { filled, type Writing, writing } from '../../../charts/said.ts';
import { Figure } from '../../figures/figure.tsx';
import { dayHere } from '../age.ts';
import { DayField } from '../day-field.tsx';
import { useWho } from '../session/who-context.ts';
import { LOCALES } from '../words/language.ts';
import { useLanguage } from '../words/words-context.ts';
import { LoadedPage } from './loaded-page.tsx';
import { studyOf } from './registry-study.ts';
import { type Days, fetchReports, type HospitalReport, type ReportChart } from './reports.ts';
import type { CoordinatorWords } from './words.ts';

const WIDEST = 640;

/** How much of what should be registered is, and the simple charts of a hospital (manual 1.8, "Lokal oversikt"). */
export default function CoveragePage(): ReactElement {
  const medplum = useMedplum();
  const who = useWho();
  const language = useLanguage();
  const [days, setDays] = useState<Days>(thisYear);
  const how = writing(language, Intl.DateTimeFormat().resolvedOptions().timeZone);
  return (
    <LoadedPage
      head={({ coverage }) => coverage}
      load={async () => {
        const study = await studyOf(medplum, who);
        if (study === undefined) return { shown: days, coverage: [], overview: [] };
        const [coverage, overview] = await Promise.all([
          fetchReports(medplum, study, '$coverage', days, language),
          fetchReports(medplum, study, '$overview', days, language),
        ]);
        return { shown: days, coverage, overview };
      }}
      by={[medplum, who, days, language]}
    >
      {({ value: { coverage, overview }, words }) => (
        <>
          <PeriodForm key={`${days.start} ${days.end}`} days={days} words={words} onShow={setDays} />
          {coverage.length === 0 && <Text>{words.none}</Text>}
          {coverage.map((report) => (
            <Hospital
              key={report.hospital}
              name={report.name}
              charts={[...report.charts, ...chartsFor(overview, report.hospital)]}
              words={words}
              how={how}
            />
          ))}
        </>
      )}
    </LoadedPage>
  );
}

function thisYear(): Days {
  const end = dayHere(new Date());
  return { start: `${end.slice(0, 4)}-01-01`, end };
}

function chartsFor(reports: readonly HospitalReport[], hospital: string): readonly ReportChart[] {
  return reports.find((report) => report.hospital === hospital)?.charts ?? [];
}

interface PeriodFormProps {
  readonly days: Days;
  readonly words: CoordinatorWords;
  readonly onShow: (days: Days) => void;
}

function PeriodForm({ days, words, onShow }: PeriodFormProps): ReactElement {
  const [asked, setAsked] = useState(days);
  const [checked, setChecked] = useState(false);
  const isWrong = asked.start === '' || asked.end === '' || asked.start > asked.end;
  return (
    <form
      noValidate
      className="coordinator-form"
      onSubmit={(event) => {
        event.preventDefault();
        setChecked(true);
        if (!isWrong) onShow({ ...asked });
      }}
    >
      {(['start', 'end'] as const).map((name) => (
        <DayField
          key={name}
          label={words.coverage[name]}
          value={asked[name]}
          error={checked && isWrong && name === 'start' ? words.coverage.order : undefined}
          onDay={(day) => setAsked((before) => ({ ...before, [name]: day }))}
        />
      ))}
      <Button type="submit" className="coordinator-form-send">
        {words.coverage.show}
      </Button>
    </form>
  );
}

interface HospitalProps {
  readonly name: string;
  readonly charts: readonly ReportChart[];
  readonly words: CoordinatorWords;
  readonly how: Writing;
}

function Hospital({ name, charts, words, how }: HospitalProps): ReactElement {
  return (
    <section className="coordinator-part">
      <h2>{name}</h2>
      <div className="coordinator-figures">
        {charts.map((chart) => (
          <div key={chart.key}>
            <Figure
              draw={(width) => {
                const drawing = countBars(chart.title, chart.counts, width, how);
                return chart.share === undefined
                  ? drawing
                  : { ...drawing, sentence: shareText(chart.share, words, how) };
              }}
              widest={WIDEST}
              tableWord={words.table}
              heading={3}
            />
            {chart.isLoaded && <Text size="sm">{words.coverage.loaded}</Text>}
          </div>
        ))}
      </div>
    </section>
  );
}

function shareText(
  { above, below, value }: NonNullable<ReportChart['share']>,
  { coverage }: CoordinatorWords,
  { number, language }: Writing,
): string {
  const percent = new Intl.NumberFormat(LOCALES[language], { style: 'percent', maximumFractionDigits: 1 });
  return filled(coverage.share, {
    share: value === undefined ? coverage.noShare : percent.format(value),
    above: number(above),
    below: number(below),
  });
}
