import type { ItemView } from '../contract.ts';
import { faultBeside } from './fault-text.ts';
import { useForm } from './form-context.ts';

/** What is wrong with a question or a group, beside it. An unusual answer is confirmed here. */
export function Faults({ view, id }: { readonly view: ItemView; readonly id: string }) {
  const { words, session } = useForm();
  const { faults, text } = view;
  if (faults.length === 0) return null;
  return (
    <div id={id} className="faults">
      {faults.map((fault) => (
        <div key={fault.rule} className={`fault ${fault.severity}`}>
          <span className="sign" aria-hidden="true">
            !
          </span>
          <p>
            <span className="unseen">{fault.severity === 'error' ? words.error : words.unusual}: </span>
            {faultBeside(fault.text, text)}
          </p>
          {fault.severity === 'warning' && (
            <Confirm isConfirmed={fault.confirmed} onConfirm={() => session.confirm(fault)} />
          )}
        </div>
      ))}
    </div>
  );
}

interface ConfirmProps {
  readonly isConfirmed: boolean;
  readonly onConfirm: () => void;
}

/** Says that an unusual answer is right. The button stays where it is when it was pressed, and so does the focus. */
export function Confirm({ isConfirmed, onConfirm }: ConfirmProps) {
  const { words } = useForm();
  return (
    <button type="button" className="confirm" aria-pressed={isConfirmed} onClick={() => isConfirmed || onConfirm()}>
      {isConfirmed && (
        <svg className="check" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 8.5l4 4 8-9" />
        </svg>
      )}
      {words.confirm}
    </button>
  );
}
