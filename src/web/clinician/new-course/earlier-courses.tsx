import { Anchor, Text } from '@mantine/core';
import type { EpisodeOfCare } from '@medplum/fhirtypes';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { dayText } from '../day-text.ts';
import { LOCALES } from '../words/language.ts';
import { useLanguage } from '../words/words-context.ts';

interface EarlierCoursesProps {
  readonly courses: readonly EpisodeOfCare[];
  readonly title: string;
}

/** The ways to a patient's courses, the newest first. */
export function EarlierCourses({ courses, title }: EarlierCoursesProps): ReactElement | null {
  const locale = LOCALES[useLanguage()];
  if (courses.length === 0) return null;
  const newestFirst = courses.toSorted((a, b) => ((a.period?.start ?? '') < (b.period?.start ?? '') ? 1 : -1));
  return (
    <div>
      <Text fw={600}>{title}</Text>
      {newestFirst.map(({ id, period }) => (
        <div key={id}>
          <Anchor component={Link} to={`/course/${id}`}>
            {`${dayText(period?.start, locale) ?? ''} ${id}`.trim()}
          </Anchor>
        </div>
      ))}
    </div>
  );
}
