/** A fault as it stands alone, named by its question: "Hvor mange? Må besvares.", not "Hvor mange?: må besvares.". */
export function faultAlone(text: string): string {
  return text.replace(/([?!.]): (.)/, (_, end: string, first: string) => `${end} ${first.toUpperCase()}`);
}

/** A fault beside its question, which need not be named again. */
export function faultBeside(text: string, question: string): string {
  const named = `${question}: `;
  if (!text.startsWith(named)) return faultAlone(text);
  return text.charAt(named.length).toUpperCase() + text.slice(named.length + 1);
}
