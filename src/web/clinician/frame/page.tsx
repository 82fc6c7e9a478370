import { Group, Text, Title } from '@mantine/core';
import { type ReactElement, type ReactNode, useEffect, useRef } from 'react';
import { useLocation } from 'react-router';
import { Arrival } from './arrival.tsx';
import { PrintedLine } from './printed-line.tsx';
import '../print.css';

interface PageProps {
  /** The page's name: its heading and, with "– Svar", the name of the window. No name of a patient in `windowTitle`. */
  readonly title: string;
  /** Where the heading names a patient: what the window is called instead, as windows' names stay in the browser's history. */
  readonly windowTitle?: string;
  /** Under the heading, in few words. */
  readonly lead?: ReactNode;
  /** Beside the heading: what can be done with the page as a whole. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** The frame of every page: one h1, which has the focus when another page led here, and the window's name. */
export function Page({ title, windowTitle = title, lead, actions, children }: PageProps): ReactElement {
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  useEffect(() => {
    document.title = `${windowTitle} – Svar`;
  }, [windowTitle]);
  useEffect(() => {
    // the first page of a visit is read from its top, as any page
    if (key !== FIRST) heading.current?.focus();
  }, [key]);
  return (
    <div className="page">
      <Group justify="space-between" align="flex-start" gap="sm" className="page-head">
        <div>
          <Title order={1} ref={heading} tabIndex={-1} className="page-title">
            {title}
          </Title>
          {lead !== undefined && (
            <Text component="div" c="dimmed" size="sm">
              {lead}
            </Text>
          )}
        </div>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      <PrintedLine />
      <Arrival />
      {children}
    </div>
  );
}

/** React Router's key of the address that the browser opened. */
const FIRST = 'default';
