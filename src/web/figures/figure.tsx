import { type ReactElement, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { type Drawing, type InkStyle, inks, type Mark } from '../../charts/drawing.ts';
import './figures.css';

interface FigureProps {
  /** Draws for a width in CSS pixels, so that its text keeps its size on a narrow screen. */
  readonly draw: (width: number) => Drawing;
  /** No wider than this. */
  readonly widest: number;
  /** Opens the table: "Show as a table". */
  readonly tableWord: string;
  /** The heading's level where the figure has one of its own; none: the page says what it is. */
  readonly heading?: 2 | 3;
}

/** A chart with its title, its sentence, and the same as a table in a disclosure. */
export function Figure({ draw, widest, tableWord, heading }: FigureProps): ReactElement {
  const frame = useRef<HTMLElement>(null);
  const id = useId();
  const [room, setRoom] = useState(widest);
  useLayoutEffect(() => {
    const width = frame.current?.clientWidth ?? 0;
    if (width > 0) setRoom(Math.min(width, widest));
  }, [widest]);
  useEffect(() => {
    const seen = frame.current;
    if (seen === null) return;
    const observer = new ResizeObserver(() => {
      if (seen.clientWidth > 0) setRoom(Math.min(seen.clientWidth, widest));
    });
    observer.observe(seen);
    return () => observer.disconnect();
  }, [widest]);
  const drawing = draw(room);
  const { title, sentence, table } = drawing;
  const Heading = heading === 2 ? 'h2' : 'h3';
  return (
    <figure className="figure" ref={frame}>
      {heading !== undefined && <Heading className="figure-title">{title}</Heading>}
      <p className="figure-sentence" id={`${id}-says`}>
        {sentence}
      </p>
      {drawing.marks.length > 0 && <Picture drawing={drawing} describedBy={`${id}-says`} />}
      {table.rows.length > 0 && (
        <details className="figure-data">
          <summary>
            {tableWord}
            <span className="figure-hidden">: {title}</span>
          </summary>
          <div className="figure-scroll">
            <DataTable drawing={drawing} />
          </div>
        </details>
      )}
    </figure>
  );
}

interface PictureProps {
  readonly drawing: Drawing;
  /** The element that says in words what it shows. */
  readonly describedBy: string;
}

/** The drawing alone, as one image to a screen reader. */
export function Picture({ drawing, describedBy }: PictureProps): ReactElement {
  const { width, height, title, marks } = drawing;
  return (
    <svg
      className="figure-picture"
      role="img"
      aria-label={title}
      aria-describedby={describedBy}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
    >
      {marks.map((mark, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: marks have no name and are drawn anew as a whole
        <Marked key={index} mark={mark} />
      ))}
    </svg>
  );
}

function Marked({ mark }: { readonly mark: Mark }): ReactElement {
  if ('text' in mark) {
    return (
      <text
        x={mark.x}
        y={mark.y}
        fontSize={mark.size}
        textAnchor={mark.anchor}
        fontWeight={mark.bold ? 700 : 400}
        fill={mark.quiet ? '#4a545d' : '#1a1a1a'}
      >
        {mark.text}
      </text>
    );
  }
  const { stroke = 'none', width = 0, dash = [], fill = 'none' }: InkStyle = inks[mark.ink];
  return (
    <path
      d={mark.path}
      fill={fill}
      stroke={stroke}
      strokeWidth={width}
      strokeDasharray={dash.length > 0 ? dash.join(' ') : undefined}
      strokeLinejoin="round"
      strokeLinecap="round"
    />
  );
}

/** What the drawing shows, as numbers. */
function DataTable({ drawing: { title, table } }: { readonly drawing: Drawing }): ReactElement {
  return (
    <table className="figure-table">
      <caption>{title}</caption>
      <thead>
        <tr>
          {table.columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((cells, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name and are drawn anew as a whole
          <tr key={row}>
            {cells.map((cell, column) => (
              <td key={table.columns[column]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
