/**
 * The keys by which postings are found: the only place where they are formed, for writing and for searching alike.
 *
 * A key is `P`, a line feed, and a form. P is `Type.keptAs` of the search parameter; the forms are these:
 *
 *   token_idx   =code                  a code, whatever its system; boolean and elements of type `code` have only this
 *               |system|code           a code in a system
 *               ||code                 a code that has no system
 *               |system|               any code in a system
 *               ^system|code|value     Identifier by its type (:of-type)
 *               @Type/id               reference to a resource here, version left out
 *               @url                   absolute reference elsewhere, uri, canonical without and with its |version
 *               &<token form>          Reference.identifier (:identifier)
 *               $<form>\n$<form>       composite of two values that are compared for equality
 *   range_idx   #                      date, number, quantity of whatever unit
 *               #ucum:unit             quantity in UCUM units, converted to this canonical unit
 *               #system|code           quantity in another system, or with a UCUM code that is not valid
 *               #|text                 quantity whose code or unit is this text
 *               ##                     position: lo is the latitude, hi the longitude
 *               $<form>\n#…            composite of an equality form and one of the above
 *               $<form>\n##            composite of an equality form and two numbers: lo is the first, hi the second
 *   string_idx  $                      string
 *               text                   texts of a token parameter (:text)
 *               uri                    uri as text, exactly as it stands (:below, :above)
 *               $<form>\n$             composite of an equality form and a string
 *
 * Values that no search parameter of the type covers are kept under the P `*`: references, so that a delete finds all
 * that refer to the resource.
 */

/** The first line of every key of a parameter. */
export function paramName(param: { readonly type: string; readonly keptAs: string }): string {
  return `${param.type}.${param.keptAs}`;
}

/** A complete key. @param name see paramName */
export function keyOf(name: string, form: string): string {
  return `${name}\n${form}`;
}

// token

export function codeForm(code: string): string {
  return `=${code}`;
}

export function systemCodeForm(system: string, code: string): string {
  return `|${system}|${code}`;
}

export function noSystemForm(code: string): string {
  return `||${code}`;
}

export function systemForm(system: string): string {
  return `|${system}|`;
}

/** An Identifier by its type's coding and its value. */
export function ofTypeForm(system: string, code: string, value: string): string {
  return `^${system}|${code}|${value}`;
}

// reference, uri, canonical

/** A reference to a resource of this server. */
export function resourceForm(type: string, id: string): string {
  return `@${type}/${id}`;
}

/** A uri; a canonical with or without its version; an absolute reference elsewhere. */
export function uriForm(uri: string): string {
  return `@${uri}`;
}

/** Reference.identifier. @param form a token form of the identifier */
export function identifierForm(form: string): string {
  return `&${form}`;
}

/** Under which references stand that no parameter of the type covers; the key of a delete's look for referrers. */
export const UNCOVERED = '*';

// date, number, quantity

/** Date, number, and quantity of whatever unit. */
export const RANGE_FORM = '#';

/** Quantity in UCUM: the value is converted to this canonical unit (see ucum.ts). */
export function ucumForm(canonicalUnit: string): string {
  return `#ucum:${canonicalUnit}`;
}

/** Quantity in a system other than UCUM, or with a code that UCUM does not know. */
export function unitForm(system: string, code: string): string {
  return `#${system}|${code}`;
}

/** Quantity whose code or whose unit is this text. */
export function unitTextForm(text: string): string {
  return `#|${text}`;
}

// string

export const STRING_FORM = '$';
/** Display, text and the like of a token parameter. */
export const TEXT_FORM = 'text';
/** A uri as text, not folded, for :below and :above. */
export const URI_TEXT_FORM = 'uri';

// composite

/**
 * A composite value whose first component is compared for equality.
 *
 * @param first a code, system and code, no system, resource, uri or canonical form; `|system|` alone is not combined, so a
 *   composite can't be searched by it
 * @param second the same, a range form, STRING_FORM, or TWO_NUMBERS_FORM
 */
export function compositeForm(first: string, second: string): string {
  const marked = second === STRING_FORM || second.charCodeAt(0) === 0x23 ? second : `$${second}`;
  return `$${first}\n${marked}`;
}

/** Two numbers are the lo and the hi of one row: the second and third component of a composite, or a position. */
export const TWO_NUMBERS_FORM = '##';
