import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { NumberText } from '../number-text.tsx';
import type { Registration } from './registration.ts';

/** Whose course it is: the head of a line, which leads to the course. Not Mantine's Anchor: hundreds of them take their time. */
export function PatientCell({ row }: { readonly row: Registration }): ReactElement {
  return (
    <th scope="row">
      <Link to={`/course/${row.course}`} className="line-way">
        {row.patient.name || row.course}
      </Link>
      <div className="under">{row.number === '' ? row.patient.birthDate : <NumberText number={row.number} />}</div>
    </th>
  );
}
