import { useId } from 'react';
import { lineChart } from '../../../charts/line-chart.ts';
import { chartLanguage, writing } from '../../../charts/said.ts';
import type { FormLanguage } from '../../form/contract.ts';
import type { OwnResult } from '../contract.ts';
import { Figure } from './figure.tsx';
import { resultSentences } from './result-sentences.ts';
import { resultSeries } from './result-series.ts';
import type { MoreWords } from './words.ts';

interface OwnResultProps {
  readonly result: OwnResult;
  readonly words: MoreWords['results'];
  readonly language: FormLanguage;
  readonly timeZone: string;
}

/** Narrower than a telephone, which draws it larger: so its letters can be read. */
const SIZE = { width: 280, height: 190 };

/** One score: what it is and what became of it in words, a figure, and the numbers. */
export function OwnResultView({ result, words, language, timeZone }: OwnResultProps) {
  const id = useId();
  const how = writing(chartLanguage(language), timeZone);
  const hasMeaning = result.bands.length > 0;
  const drawing = lineChart(resultSeries(result), SIZE, how);
  return (
    <section className="result" aria-labelledby={id}>
      <h2 id={id}>{result.title}</h2>
      {resultSentences(result, words, how).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {result.points.length > 1 && (
        <Figure drawing={drawing} label={words.figure(result.title, result.points.length)} />
      )}
      <table>
        <caption>{words.table}</caption>
        <thead>
          <tr>
            <th scope="col">{words.day}</th>
            <th scope="col">{words.value}</th>
            {hasMeaning && <th scope="col">{words.meaning}</th>}
          </tr>
        </thead>
        <tbody>
          {drawing.table.rows.map(([day, value, meaning]) => (
            <tr key={`${day} ${value}`}>
              <th scope="row">{day}</th>
              <td>{value}</td>
              {hasMeaning && <td>{meaning}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
