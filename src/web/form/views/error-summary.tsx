import { useEffect, useRef, useState } from 'react';
import type { FormFault } from '../contract.ts';
import { faultAlone } from './fault-text.ts';
import { Confirm } from './faults.tsx';
import { focusQuestion } from './focus.ts';
import { idsOf, useForm } from './form-context.ts';

interface SummaryProps {
  readonly faults: readonly FormFault[];
}

/** What has to be mended, in one place; the focus moves to it each time there is a new list. */
export function ErrorSummary({ faults }: SummaryProps) {
  const { words, prefix } = useForm();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (faults.length > 0) box.current?.focus();
  }, [faults]);
  if (faults.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a box that is told as a whole when the focus comes to it
    <div
      ref={box}
      id={`${prefix}summary`}
      className="error-summary"
      role="group"
      tabIndex={-1}
      aria-labelledby={`${prefix}errors`}
    >
      <p id={`${prefix}errors`} className="error-title">
        {words.mend(faults.length)}
      </p>
      <ul>
        {faults.map((fault) => (
          <li key={`${fault.key} ${fault.rule} ${fault.text}`}>
            {fault.key === '' ? <OfForm fault={fault} /> : <OfQuestion fault={fault} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

function OfQuestion({ fault }: { readonly fault: FormFault }) {
  const { prefix } = useForm();
  const { question } = idsOf(prefix, fault.key);
  return (
    <a
      href={`#${encodeURIComponent(question)}`}
      onClick={(event) => {
        event.preventDefault();
        focusQuestion(question);
      }}
    >
      {faultAlone(fault.text)}
    </a>
  );
}

/** What is wrong with the form as a whole stands beside no question: it is confirmed here. */
function OfForm({ fault }: { readonly fault: FormFault }) {
  const { session } = useForm();
  const [isConfirmed, setConfirmed] = useState(fault.confirmed);
  const confirm = () => {
    setConfirmed(true);
    session.confirm(fault);
  };
  return (
    <>
      <p>{fault.text}</p>
      {fault.severity === 'warning' && <Confirm isConfirmed={isConfirmed} onConfirm={confirm} />}
    </>
  );
}

/** What stops a person from going on: errors, and warnings that nobody has confirmed. */
export function stopping(faults: readonly FormFault[]): readonly FormFault[] {
  return faults.filter(({ severity, confirmed }) => severity === 'error' || !confirmed);
}
