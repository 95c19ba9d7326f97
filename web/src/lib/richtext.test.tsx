import { describe, expect, test } from 'vitest';
import { plainText, tokenize, type RichNode } from './richtext';

/** The nodes in one line: `<b:…>`, so that a table reads at a glance. */
function shown(nodes: readonly RichNode[]): string {
  return nodes
    .map((node) => {
      if (node.type === 'text') return node.text;
      if (node.type === 'link') return `<a ${node.href}:${node.text}${node.host === null ? '' : ` (${node.host})`}>`;
      return `<${node.type}:${'children' in node ? shown(node.children) : node.text}>`;
    })
    .join('');
}

describe('marks', () => {
  test.each([
    ['*kalın* metin', '<bold:kalın> metin'],
    ['_a_ ~b~ `c`', '<italic:a> <strike:b> <code:c>'],
    ['*_both_*', '<bold:<italic:both>>'],
    ['```two\nlines```', '<block:two\nlines>'],
    ['2*3*4', '2*3*4'],
    ['snake_case_name', 'snake_case_name'],
    ['* list* item', '* list* item'],
    ['*no close', '*no close'],
    ['*over\nlines*', '*over\nlines*'],
    ['**', '**'],
    ['***', '***'],
    ['*a* *b*', '<bold:a> <bold:b>'],
    ['(*a*)', '(<bold:a>)'],
    ['`*raw*`', '<code:*raw*>'],
    ['😀 *x* 👍🏽', '😀 <bold:x> 👍🏽'],
    ['*ışık*ğ', '*ışık*ğ'],
  ])('%j', (text, expected) => expect(shown(tokenize(text))).toBe(expected));
});

describe('links', () => {
  test.each([
    ['see https://example.test/a.', 'see <a https://example.test/a:https://example.test/a>.'],
    ['(https://example.test/a_(b))', '(<a https://example.test/a_(b):https://example.test/a_(b)>)'],
    ['https://example.test/x_y_z', '<a https://example.test/x_y_z:https://example.test/x_y_z>'],
    ['*https://example.test*', '<bold:<a https://example.test/:https://example.test>>'],
    ['http://example.test', 'http://example.test'],
    ['javascript:alert(1)', 'javascript:alert(1)'],
    ['data:text/html,x', 'data:text/html,x'],
    ['https://bank.example@evil.example', 'https://bank.example@evil.example'],
    ['https://', 'https://'],
    ['xhttps://example.test', 'xhttps://example.test'],
    ['https://a.test/\u202egnp.exe', '<a https://a.test/:https://a.test/>\u202egnp.exe'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['https://a.test/"><script>', '<a https://a.test/:https://a.test/>"><script>'],
    ['https://a.test/\u061cx\u2067y', '<a https://a.test/:https://a.test/>\u061cx\u2067y'],
    ['https://a.test/\u0000x', '<a https://a.test/:https://a.test/>\u0000x'],
    ['https://@evil.example', 'https://@evil.example'],
    ['https://:@evil.example', 'https://:@evil.example'],
    ['https://A.test:443/x', '<a https://a.test/x:https://A.test:443/x>'],
    ['https://a.test:8443/x', '<a https://a.test:8443/x:https://a.test:8443/x>'],
  ])('%j', (text, expected) => expect(shown(tokenize(text))).toBe(expected));
});

test.each([
  ['https://m\u00fcller.example/', 'xn--mller-kva.example'],
  ['https://\u0430\u0440\u0440\u04cf\u0435.example', 'xn--80ak6aa92e.example'],
  ['https://\uff45vil.example', 'evil.example'],
  ['https://bank.example\u2044evil.example', 'bank.xn--exampleevil-lx3f.example'],
  ['https://bank\u3002example', 'bank.example'],
  ['https://b\u00adank.example', 'bank.example'],
  ['https://b\u200bank.example', 'bank.example'],
  ['https://b%61nk.example', 'bank.example'],
  ['https://2130706433/', '127.0.0.1'],
  ['https:////evil.example', 'evil.example'],
])('%j says where it leads', (text, host) => {
  const [node] = tokenize(text);
  expect(node?.type === 'link' ? node.host : null).toBe(host);
});

describe('hostile texts', () => {
  const long = (part: string) => part.repeat(Math.ceil(60_000 / part.length));
  test.each(['*', '*a', '*a ', ' *a', '_*~', '*_~a', '`', '```', '`a', 'https://', 'https://a ', 'https://a.test/(', '(((', '*a* _b_ ', 'h', '~ ~', ' `a', `https://a${')'.repeat(1900)} `, '*a\n'])(
    'is quick and loses nothing: %j',
    (part) => {
      const text = long(part);
      const start = performance.now();
      const nodes = tokenize(text);
      expect(performance.now() - start).toBeLessThan(1000);
      expect(nodes.length).toBeGreaterThan(0);
    },
  );

  test('every character that is no mark stays', () => {
    const letters = (text: string) => text.replace(/[*_~`]/g, '');
    for (const text of ['*a_b*c_ ~d*', '```x`y```` z', '_*~`', '*a `b* c`', 'a*b _c* d_']) {
      const flat = (nodes: readonly RichNode[]): string => nodes.map((node) => ('children' in node ? flat(node.children) : node.text)).join('');
      expect(letters(flat(tokenize(text)))).toBe(letters(text));
    }
  });
});

test('plain text is one line without marks', () => {
  expect(plainText(' *Fiyat*\n\n listesi  https://example.test ')).toBe('Fiyat listesi https://example.test');
});

test('doubled marks stay as they are', () => {
  for (const text of ['__proto__', 'a **bold** word', '~~gone~~']) expect(tokenize(text)).toEqual([{ type: 'text', text }]);
});
