import { describe, expect, it } from 'vitest';
import { ApiError } from '@/api/client';
import { en } from '@/messages/en';
import { missing, refusal } from './errors';
import { returnPath } from './return-path';

describe('the way back', () => {
  it('is a path of this app', () => {
    expect(returnPath('/inbox/1?view=mine')).toBe('/inbox/1?view=mine');
    expect(returnPath('/customers?c=1#x')).toBe('/customers?c=1#x');
  });

  it.each([undefined, 7, '', 'inbox', 'https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example', '/..//evil.example', 'javascript:alert(1)', '/login', '/setup#token=x', '/'])(
    'is the inbox for %j',
    (to) => {
      expect(returnPath(to)).toBe('/inbox');
    },
  );
});

describe('refusals', () => {
  const { auth } = en;
  const invalid = (errors: { field: string; code: string; detail: string }[]) =>
    new ApiError(422, 'invalid', '', { type: '', title: '', status: 422, detail: '', code: 'invalid', request_id: '', errors });

  it('stand at their fields, in the language shown', () => {
    const error = invalid([
      { field: 'password', code: 'too_short', detail: 'x' },
      { field: 'name', code: 'too_long', detail: 'x' },
      { field: 'email', code: 'unheard_of', detail: 'As the server says.' },
    ]);
    expect(refusal(error, auth, '')).toEqual({
      form: null,
      fields: { password: auth.refused.tooShort, name: auth.refused.tooLong, email: 'As the server says.' },
    });
  });

  it.each([
    [401, auth.wrong],
    [403, 'not you'],
    [429, auth.tooMany],
    [0, auth.offline],
    [503, auth.failed],
  ])('of the whole: %d', (status, text) => {
    expect(refusal(new ApiError(status, 'x', 'detail'), auth, 'not you').form).toBe(text);
  });

  it('say that the server goes by another address', () => {
    const error = new ApiError(403, 'forbidden', 'The request comes from another site.');
    expect(refusal(error, auth, 'not you').form).toBe(auth.otherSite(location.origin));
  });

  it('name what was left empty', () => {
    expect(missing({ email: ' ', password: 'x' }, auth.required).fields).toEqual({ email: auth.required.email });
  });
});
