import { afterEach, expect, it } from 'vitest';
import { homeOf } from './home';

afterEach(() => document.body.replaceChildren());

const at = (id: string) => document.getElementById(id);

it('puts what opens beside a control into its dialog, else into the main part of the page', () => {
  document.body.innerHTML =
    '<nav><button id="rail"></button></nav><main id="main"><button id="page"></button></main>' +
    '<div id="dialog" role="dialog"><button id="inside"></button></div>';
  expect(homeOf(at('page'))).toBe(at('main'));
  expect(homeOf(at('rail'))).toBe(at('main'));
  expect(homeOf(at('inside'))).toBe(at('dialog'));
  expect(homeOf(null)).toBe(at('main'));
});

it('leaves the choice to the popup where there is no main part', () => {
  expect(homeOf(document.body.appendChild(document.createElement('button')))).toBeUndefined();
});
