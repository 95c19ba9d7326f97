/** What a saved reply may be, before the server is asked. */

export const VARIABLES = ['customer.name', 'customer.first_name', 'agent.name'] as const;
const LONGEST_NAME = 40;

export type Fault = 'required' | 'space' | 'long' | 'taken' | 'textRequired' | { unknown: string };

/** The name after the slash ends at the first space, hence none in it. */
export function checkName(name: string, others: readonly string[]): Fault | null {
  if (name === '') return 'required';
  if (/[\s/]/.test(name)) return 'space';
  if ([...name].length > LONGEST_NAME) return 'long';
  return others.some((other) => other.toLocaleLowerCase() === name.toLocaleLowerCase()) ? 'taken' : null;
}

/** A variable that nobody fills would be read by the customer. */
export function checkText(text: string): Fault | null {
  if (text.trim() === '') return 'textRequired';
  for (const [, name = ''] of text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)) {
    if (!VARIABLES.some((known) => known === name)) return { unknown: name };
  }
  return null;
}
