import type { ChangeEvent } from 'react';
import { type ControlProps, useForm } from '../form-context.ts';

/** A file of the person's, kept in the answer itself. */
export function AttachmentField({ view, ids, describedBy, invalid }: ControlProps) {
  const { session, words } = useForm();
  const { mimeTypes, megabytesMax } = view.item.constraints.attachment;
  const name = view.answers[0]?.valueAttachment?.title;
  const read = (file: File) => {
    const reader = new FileReader();
    reader.onload = () => {
      const [, data = ''] = String(reader.result).split(',');
      const { name: title, type, size } = file;
      session.answer(view.key, [
        { valueAttachment: { title, size, data, contentType: type || 'application/octet-stream' } },
      ]);
    };
    reader.readAsDataURL(file);
  };
  return (
    <>
      {Number.isFinite(megabytesMax) && <p className="hint">{words.fileLimit(megabytesMax)}</p>}
      {name !== undefined && (
        <p className="file">
          {name}
          <button
            type="button"
            className="quiet"
            aria-label={words.remove(name)}
            onClick={() => session.answer(view.key, [])}
          >
            ×
          </button>
        </p>
      )}
      <input
        id={`${ids.question}-c`}
        type="file"
        accept={mimeTypes.join(',') || undefined}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        onChange={(event: ChangeEvent<HTMLInputElement>) => {
          const file = event.target.files?.[0];
          if (file !== undefined) read(file);
        }}
      />
    </>
  );
}
