// What the tests around the inbox and the board share.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { checkAccess, shot } from './browser.mjs';

/** The number of the business that the server knows from its first webhook on. */
export const NUMBER = '418206994710335';

/** What the address asks for. */
export const query = (page) => Object.fromEntries(new URL(page.url()).searchParams);

export const dialog = (page, name) => page.getByRole('dialog', name ? { name, exact: true } : {});

/** axe in both looks, with pictures. */
export async function accessible(page, name) {
  for (const look of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: look, reducedMotion: 'reduce' });
    await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, look);
    await checkAccess(page, `${name} ${look}`);
    await shot(page, `desk-${name}-${look}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** One delivery with a text of whoever has these ids. */
export async function writes(server, { to, wa_id, user_id, text, at, slug = '' }) {
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '908502223344', phone_number_id: to },
    contacts: [{ profile: { name: 'Lena Two-Ids' }, wa_id, user_id }],
    messages: [{ from: wa_id, from_user_id: user_id, id: `wamid.${at}.${text}`, timestamp: String(at), type: 'text', text: { body: text } }],
  };
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '329471260257418', changes: [{ field: 'messages', value }] }] });
  const signature = createHmac('sha256', server.settings.META_APP_SECRET).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` };
  const answer = await fetch(`${server.url}/api/whatsapp/webhook${slug}`, { method: 'POST', headers, body });
  assert.equal(answer.status, 200);
}
