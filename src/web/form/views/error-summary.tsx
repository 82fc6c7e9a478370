import { useEffect, useRef } from 'react';
import type { FormFault } from '../contract.ts';
import { faultAlone } from './fault-text.ts';
import { focusQuestion } from './focus.ts';
import { idsOf, useForm } from './form-context.ts';

/** What has to be mended, in one place; the focus moves to it each time there is a new list. */
export function ErrorSummary({ faults }: { readonly faults: readonly FormFault[] }) {
  const { words, prefix } = useForm();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (faults.length > 0) box.current?.focus();
  }, [faults]);
  if (faults.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a box that is told as a whole when the focus comes to it
    <div ref={box} className="error-summary" role="group" tabIndex={-1} aria-labelledby={`${prefix}errors`}>
      <p id={`${prefix}errors`} className="error-title">
        {words.mend(faults.length)}
      </p>
      <ul>
        {faults.map((fault) => {
          const { question } = idsOf(prefix, fault.key);
          return (
            <li key={`${fault.key} ${fault.rule}`}>
              <a
                href={`#${encodeURIComponent(question)}`}
                onClick={(event) => {
                  event.preventDefault();
                  focusQuestion(question);
                }}
              >
                {faultAlone(fault.text)}
              </a>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** What stops a person from going on: errors, and warnings that nobody has confirmed. */
export function stopping(faults: readonly FormFault[]): readonly FormFault[] {
  return faults.filter(({ severity, confirmed }) => severity === 'error' || !confirmed);
}
