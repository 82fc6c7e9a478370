import type { ItemView } from '../contract.ts';
import { AttachmentField } from './controls/attachment.tsx';
import { BodyMap } from './controls/body-map.tsx';
import { Combobox } from './controls/combobox.tsx';
import { DateField, TimeField } from './controls/date.tsx';
import { NumberField } from './controls/number.tsx';
import { CheckBoxes, DropDown, Radios, Tick, YesNo } from './controls/options.tsx';
import { QuantityField } from './controls/quantity.tsx';
import { ReadOnlyValue } from './controls/read-only.tsx';
import { Scale } from './controls/scale.tsx';
import { TextField } from './controls/text.tsx';
import { Vas } from './controls/vas.tsx';
import { type ControlProps, useForm } from './form-context.ts';

/**
 * What a question consists of, and so how its name is tied to it: one field with a label; radios or other fields as a group;
 * one box with the name as its label; or nothing to change.
 */
export type Shape = 'field' | 'radios' | 'fields' | 'tick' | 'read';

interface Shown {
  readonly shape: Shape;
  readonly View: (props: ControlProps) => React.ReactNode;
}

const READ: Shown = { shape: 'read', View: ReadOnlyValue };
const TEXT: Shown = { shape: 'field', View: TextField };
const COMBOBOX: Shown = { shape: 'field', View: Combobox };
const RADIOS: Shown = { shape: 'radios', View: Radios };
const DATE: Shown = { shape: 'fields', View: DateField };

/** By the names of model/control.ts. */
const SHOWN: Readonly<Record<string, Shown>> = {
  scale: { shape: 'radios', View: Scale },
  vas: { shape: 'fields', View: Vas },
  radio: RADIOS,
  'likert-row': RADIOS,
  'check-box': { shape: 'fields', View: CheckBoxes },
  'drop-down': { shape: 'field', View: DropDown },
  autocomplete: COMBOBOX,
  reference: COMBOBOX,
  'body-map': { shape: 'fields', View: BodyMap },
  boolean: { shape: 'radios', View: YesNo },
  tick: { shape: 'tick', View: Tick },
  date: DATE,
  'date-time': DATE,
  time: { shape: 'field', View: TimeField },
  text: TEXT,
  'multi-line': TEXT,
  url: TEXT,
  number: { shape: 'field', View: NumberField },
  quantity: { shape: 'fields', View: QuantityField },
  attachment: { shape: 'field', View: AttachmentField },
  calculated: READ,
};

function shownAs({ control, readOnly, options, item }: ItemView, formIsReadOnly: boolean): Shown {
  if (readOnly || formIsReadOnly) return READ;
  // a list that opens takes one answer; a body without places to tap is a list to search
  if (control === 'drop-down' && item.repeats) return COMBOBOX;
  if (control === 'body-map' && options.length === 0) return COMBOBOX;
  return SHOWN[control] ?? TEXT;
}

/** Of what a question consists, as it is shown now. @param formIsReadOnly nothing of the form can be changed */
export function shapeOf(view: ItemView, formIsReadOnly: boolean): Shape {
  return shownAs(view, formIsReadOnly).shape;
}

/** Where a question is answered. */
export function Control(props: ControlProps) {
  const { View } = shownAs(props.view, useForm().readOnly);
  return <View {...props} />;
}
