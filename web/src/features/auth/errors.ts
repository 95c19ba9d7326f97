import type { ApiError } from '@/api/client';
import type { AllTexts } from '@/lib/i18n';

/** What the server refused: a sentence for the form, or one for each of its fields. */
export interface Refusal {
  form: string | null;
  fields: Partial<Record<string, string>>;
}

const nothing: Refusal = { form: null, fields: {} };

/** How the server says that the page's address is not its own: the one trap of a set-up behind a proxy. */
const OTHER_SITE = 'The request comes from another site.';

/** In the language shown where the code is known; else the server's own sentence, which is better than none. */
export function refusal(error: ApiError, auth: AllTexts['auth'], forbidden: string): Refusal {
  if (error.status === 422 && error.problem?.errors?.length) {
    const words: Record<string, string> = {
      'email invalid': auth.refused.invalidEmail,
      'email taken': auth.refused.taken,
      'password too_short': auth.refused.tooShort,
      'password too_common': auth.refused.common,
      'name required': auth.required.name,
    };
    const word = (field: string, code: string) => words[`${field} ${code}`] ?? (code === 'too_long' ? auth.refused.tooLong : undefined);
    return { form: null, fields: Object.fromEntries(error.problem.errors.map(({ field, code, detail }) => [field, word(field, code) ?? detail])) };
  }
  if (error.status === 401) return { ...nothing, form: auth.wrong };
  if (error.status === 403) return { ...nothing, form: error.detail === OTHER_SITE ? auth.otherSite(location.origin) : forbidden };
  if (error.status === 429) return { ...nothing, form: auth.tooMany };
  if (error.status === 0) return { ...nothing, form: auth.offline };
  return { ...nothing, form: error.status >= 500 ? auth.failed : error.detail };
}

/** The fields left empty, each with its sentence. */
export function missing(values: Record<string, string>, words: Record<string, string>): Refusal {
  const empty = Object.keys(values).filter((name) => values[name]?.trim() === '');
  return { form: null, fields: Object.fromEntries(empty.map((name) => [name, words[name] ?? ''])) };
}
