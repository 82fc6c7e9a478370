import { type Drawing, type InkStyle, inks } from '../../../charts/drawing.ts';

const BLACK = '#1b1b1f';
const QUIET = '#41464f';

/** A drawing as SVG: one picture for screen readers, told by its own words; the numbers stand in a table beside it. */
export function Figure({ drawing, label }: { readonly drawing: Drawing; readonly label: string }) {
  const { width, height, marks } = drawing;
  return (
    <svg className="figure" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {marks.map((mark, index) => {
        // the marks of one drawing have an order and nothing else
        const key = index;
        if ('path' in mark) {
          const { stroke, width: strokeWidth, dash, fill }: InkStyle = inks[mark.ink];
          return (
            <path
              key={key}
              d={mark.path}
              fill={fill ?? 'none'}
              stroke={stroke ?? 'none'}
              strokeWidth={strokeWidth}
              strokeDasharray={dash?.join(' ')}
            />
          );
        }
        const { text, x, y, size, anchor, bold, quiet } = mark;
        return (
          <text
            key={key}
            x={x}
            y={y}
            fontSize={size}
            textAnchor={anchor}
            fontWeight={bold ? 700 : 400}
            fill={quiet ? QUIET : BLACK}
          >
            {text}
          </text>
        );
      })}
    </svg>
  );
}
