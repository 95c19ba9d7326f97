import { describe, expect, it } from 'vitest';
import { csv } from './csv';

describe('csv', () => {
  it('ends every line with CRLF and leaves plain cells alone', () => {
    expect(csv([['a', 'b b', 1.5], [null, 'ş', 0]])).toBe('a,b b,1.5\r\n,ş,0\r\n');
    expect(csv([])).toBe('');
  });

  it('quotes separators, quotes, line breaks and outer blanks', () => {
    expect(csv([['a,b', 'say "hi"', 'two\nlines', ' blank', 'x;y']])).toBe('"a,b","say ""hi""","two\nlines"," blank","x;y"\r\n');
  });

  it.each(['=1+1', '+49151', '-2', '@SUM(A1)', '  =1', '＝1', '\u00a0+1'])('disarms %j', (text) => {
    expect(csv([[text]]).replaceAll('"', '')).toBe(`'${text}\r\n`);
  });

  it('disarms a leading control character, and what hides behind quotes', () => {
    expect(csv([['\t=1']])).toBe('"\'\t=1"\r\n');
    expect(csv([['\rx']])).toBe('"\'\rx"\r\n');
    expect(csv([['=HYPERLINK("http://x","y")']])).toBe('"\'=HYPERLINK(""http://x"",""y"")"\r\n');
  });

  it('keeps numbers as numbers, also below zero', () => {
    expect(csv([[-5, Number.NaN]])).toBe('-5,\r\n');
  });
});
