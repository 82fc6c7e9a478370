import { Anchor } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { NumberText } from '../number-text.tsx';
import type { Registration } from './registration.ts';

/** Whose course it is: the head of a line, which leads to the course. */
export function PatientCell({ row }: { readonly row: Registration }): ReactElement {
  return (
    <th scope="row">
      <Anchor component={Link} to={`/course/${row.course}`} size="sm">
        {row.patient.name || row.course}
      </Anchor>
      <div className="under">{row.number === '' ? row.patient.birthDate : <NumberText number={row.number} />}</div>
    </th>
  );
}
