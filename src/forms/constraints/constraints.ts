import type { Coding, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { error, type Issue } from '../../model/issue.ts';
import type { AttachmentLimits } from './attachment.ts';
import type { Bound } from './bound.ts';
import { typeOfCoreProfile } from './core-profile.ts';
import {
  boundOf,
  type ConstraintName,
  type ExtensionsByName,
  extensionsByName,
  integerOf,
  limitsAnswers,
} from './extension-values.ts';
import { type Label, labelOf } from './label.ts';
import { type Pattern, readMask, readPattern } from './pattern.ts';
import type { Units } from './quantity.ts';
import type { ReferenceTargets } from './reference.ts';

/** A least and a greatest value; either may be missing. A cqf-expression on it is the engine's (FormItem.expressions). */
export interface Range {
  readonly min: Bound | undefined;
  readonly max: Bound | undefined;
}

/** What an item's form demands of its answers, beside their type, options and enablement. Immutable. */
export interface Constraints {
  readonly label: Label;
  readonly minOccurs: number;
  /** The least number is calculated (cqf-expression). */
  readonly calculatedMinOccurs: boolean;
  readonly maxOccurs: number;
  /** Outside is wrong. */
  readonly hard: Range;
  /** Outside is unusual. */
  readonly soft: Range;
  /** In characters, as Unicode counts them. */
  readonly minLength: number;
  readonly maxLength: number;
  readonly maxDecimalPlaces: number;
  readonly pattern: Pattern | undefined;
  /** A mask that answers usually have, with its text. */
  readonly mask: { readonly text: string; readonly pattern: Pattern } | undefined;
  readonly attachment: AttachmentLimits;
  readonly units: Units | undefined;
  readonly referenceTargets: ReferenceTargets;
  /** Profiles, one of which what is referred to must fit; those of R4 itself are told by referenceTargets. */
  readonly referenceProfiles: readonly string[];
  /** False where all of the above that concerns one answer permits everything: then there is nothing to look at. */
  readonly limitsAnswers: boolean;
}

/** The constraints of an item; adds to `issues` what cannot be enforced: a regex that is none, or of no linear time. */
export function readConstraints(
  questionnaire: Questionnaire,
  item: QuestionnaireItem,
  issues: Issue[],
  path: string,
): Constraints {
  const extensions = extensionsByName(item.extension);
  const answers = {
    hard: {
      min: boundOf(extensions, 'minQuantity') ?? boundOf(extensions, 'minValue'),
      max: boundOf(extensions, 'maxQuantity') ?? boundOf(extensions, 'maxValue'),
    },
    soft: { min: boundOf(extensions, 'softMinValue'), max: boundOf(extensions, 'softMaxValue') },
    minLength: integerOf(extensions, 'minLength') ?? 0,
    maxLength: item.maxLength ?? Number.POSITIVE_INFINITY,
    maxDecimalPlaces: integerOf(extensions, 'maxDecimalPlaces') ?? Number.POSITIVE_INFINITY,
    pattern: patternOf(extensions, item, issues, path),
    mask: maskOf(extensions),
    attachment: attachmentOf(extensions),
    units: item.type === 'quantity' ? unitsOf(extensions) : undefined,
    referenceTargets: targetsOf(extensions),
    referenceProfiles: profilesOf(extensions).filter((profile) => typeOfCoreProfile(profile) === undefined),
  };
  return {
    ...answers,
    label: labelOf(questionnaire, item),
    minOccurs: integerOf(extensions, 'minOccurs') ?? 0,
    calculatedMinOccurs: extensions.get('minOccurs')?.some((each) => '_valueInteger' in each) ?? false,
    maxOccurs: integerOf(extensions, 'maxOccurs') ?? Number.POSITIVE_INFINITY,
    limitsAnswers: limitsAnswers(extensions) || item.maxLength !== undefined,
  };
}

function patternOf(
  extensions: ExtensionsByName,
  item: QuestionnaireItem,
  issues: Issue[],
  path: string,
): Pattern | undefined {
  const regex = extensions.get('regex')?.[0]?.valueString;
  const pattern = regex === undefined ? undefined : readPattern(regex);
  if (regex !== undefined && pattern === undefined) {
    const why =
      'is no regular expression, or one that can not be matched in linear time (look-around, back-references)';
    issues.push(error('value', `The regex of item '${item.linkId}' ${why}.`, `${path}.extension`));
  }
  return pattern;
}

function maskOf(extensions: ExtensionsByName): Constraints['mask'] {
  const text = extensions.get('entryFormat')?.[0]?.valueString;
  const pattern = text === undefined ? undefined : readMask(text);
  return text === undefined || pattern === undefined ? undefined : { text, pattern };
}

function attachmentOf(extensions: ExtensionsByName): AttachmentLimits {
  const size = extensions.get('maxSize')?.[0];
  return {
    mimeTypes: (extensions.get('mimeType') ?? []).flatMap(({ valueCode }) => valueCode ?? []),
    megabytesMax: size?.valueDecimal ?? size?.valueInteger ?? Number.POSITIVE_INFINITY,
  };
}

function unitsOf(extensions: ExtensionsByName): Units | undefined {
  const codings = (name: ConstraintName): readonly Coding[] =>
    (extensions.get(name) ?? []).flatMap(({ valueCoding }) => valueCoding ?? []);
  const options = codings('unitOption');
  const valueSet = extensions.get('unitValueSet')?.[0]?.valueCanonical;
  // A single unit counts where no choice of units is given: it is the one that is shown.
  const listed = options.length > 0 || valueSet !== undefined ? options : codings('unit');
  if (listed.length === 0 && valueSet === undefined) {
    return undefined;
  }
  const open = extensions.get('unitOpen')?.[0]?.valueCode;
  return {
    options: listed,
    valueSet,
    open: open === 'optionsOrType' || open === 'optionsOrString' ? open : 'optionsOnly',
    otherSystem: extensions.get('unitSupplementalSystem')?.[0]?.valueCanonical,
  };
}

/** The permitted resource types. A profile that is not R4's own may be of any type: then nothing is said about types. */
function targetsOf(extensions: ExtensionsByName): ReferenceTargets {
  const types = (extensions.get('referenceResource') ?? []).flatMap(({ valueCode }) => valueCode ?? []);
  const ofProfiles = profilesOf(extensions).map(typeOfCoreProfile);
  const known = ofProfiles.flatMap((type) => type ?? []);
  const all = known.length === ofProfiles.length ? [...types, ...known] : types;
  return all.length === 0 ? undefined : new Set(all);
}

function profilesOf(extensions: ExtensionsByName): readonly string[] {
  return (extensions.get('referenceProfile') ?? []).flatMap(({ valueCanonical }) => valueCanonical ?? []);
}
