import type { ReactNode } from 'react';

interface HeadingProps {
  readonly level: number;
  readonly id: string;
  readonly children: ReactNode;
}

/** A heading of the level that its place in the page gives it. */
export function Heading({ level, id, children }: HeadingProps) {
  const Tag = `h${Math.min(6, Math.max(1, level))}` as 'h1' | 'h2' | 'h3' | 'h4' | 'h5' | 'h6';
  return (
    <Tag id={id} tabIndex={-1} className={`heading level-${level}`}>
      {children}
    </Tag>
  );
}
