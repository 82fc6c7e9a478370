import { useForm } from '../form-context.ts';

/** What is wrong with what was typed; said to screen readers when the field is left, not at each key. */
export function Misfit({ id, text }: { readonly id: string; readonly text: string | undefined }) {
  const { words } = useForm();
  if (text === undefined) return null;
  return (
    <div id={id} className="fault error misfit">
      <span className="sign" aria-hidden="true">
        !
      </span>
      <p>
        <span className="unseen">{words.error}: </span>
        {text}
      </p>
    </div>
  );
}
