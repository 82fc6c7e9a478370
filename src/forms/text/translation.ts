import type { Element, Extension } from '@medplum/fhirtypes';

/** FHIR's extension for a primitive's text in another language than the resource's. */
export const translationUrl = 'http://hl7.org/fhir/StructureDefinition/translation';

/** An element with its primitives' extensions under `_name`, which the types of FHIR leave out. */
type Primitives = Readonly<Record<string, unknown>>;

/**
 * The text of a primitive element (`text`, `display`, `title`) in a language: its value where that is the language of
 * the resource, else its translation of exactly that tag.
 */
export function textIn(owner: object, element: string, language: string, base: string): string | undefined {
  const value = (owner as Primitives)[element];
  if (language === base) return typeof value === 'string' ? value : undefined;
  return contentOf(extensionsOf(owner, element).find((extension) => isFor(extension, language)));
}

/** The same element with a text in a language: its value, or its translation, replaced or added at the end. */
export function withText<T extends object>(owner: T, element: string, language: string, base: string, text: string): T {
  if (language === base) return { ...owner, [element]: text };
  const made: Extension = {
    url: translationUrl,
    extension: [
      { url: 'lang', valueCode: language },
      { url: 'content', valueString: text },
    ],
  };
  const all = extensionsOf(owner, element);
  const known = all.some((extension) => isFor(extension, language));
  const extension = known ? all.map((each) => (isFor(each, language) ? made : each)) : [...all, made];
  return { ...owner, [`_${element}`]: { ...primitiveOf(owner, element), extension } };
}

function primitiveOf(owner: object, element: string): Element | undefined {
  return (owner as Primitives)[`_${element}`] as Element | undefined;
}

function extensionsOf(owner: object, element: string): readonly Extension[] {
  return primitiveOf(owner, element)?.extension ?? [];
}

function isFor({ url, extension }: Extension, language: string): boolean {
  return url === translationUrl && extension?.find((part) => part.url === 'lang')?.valueCode === language;
}

function contentOf(translation: Extension | undefined): string | undefined {
  const content = translation?.extension?.find((part) => part.url === 'content');
  return content?.valueString ?? content?.valueMarkdown;
}
