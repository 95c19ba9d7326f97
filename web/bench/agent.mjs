// What an agent does all day, one thing at a time, and what a page shows to somebody who reads all of it.

const inbox = (page) => page.getByRole('list', { name: 'Conversations' });
const navigation = (page, name) => page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${name}`) });
const any = (count) => Math.floor(Math.random() * count);

async function toInbox(page) {
  await navigation(page, 'Inbox').first().click();
  await inbox(page).getByRole('listitem').first().waitFor();
}

async function wheel(page, target, turns, by) {
  const box = await target.boundingBox();
  if (!box) return;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let turn = 0; turn < turns; turn += 1) {
    await page.mouse.wheel(0, by);
    await page.waitForTimeout(40);
  }
}

export const acts = {
  async 'open a thread'(page) {
    await toInbox(page);
    await inbox(page).getByRole('listitem').nth(any(8)).click();
    await page.locator('[data-thread] article').first().waitFor();
    await page.mouse.move(1, 1);
  },
  async 'read back in the thread'(page) {
    await acts['open a thread'](page);
    await wheel(page, page.locator('[data-thread]'), 12, -500);
    await wheel(page, page.locator('[data-thread]'), 14, 900);
  },
  async 'walk with j and k'(page) {
    await toInbox(page);
    await page.mouse.move(1, 1);
    for (const key of 'jjjjkkjj') {
      await page.keyboard.press(key);
      await page.waitForTimeout(60);
    }
  },
  async 'scroll the list'(page) {
    await toInbox(page);
    await wheel(page, inbox(page), 20, 700);
    await wheel(page, inbox(page), 24, -900);
    await page.mouse.move(1, 1);
  },
  async 'switch the view'(page) {
    for (const view of ['view=unassigned', 'view=mine', 'unread=true', 'status=resolved', 'status=all']) {
      await go(page, `/inbox?${view}`);
      await page.waitForTimeout(300);
    }
    await go(page, '/inbox');
  },
  async search(page) {
    await toInbox(page);
    const box = page.getByRole('searchbox').first();
    await box.fill(`Customer ${1 + any(9)}`);
    await page.waitForTimeout(600);
    await box.fill('');
  },
  async 'move a card'(page) {
    await navigation(page, 'Board').first().click();
    const card = page.locator('[data-card]').nth(any(6));
    await card.waitFor();
    await card.focus();
    await page.keyboard.press(any(2) ? 'Alt+ArrowRight' : 'Alt+ArrowDown');
    await page.waitForTimeout(400);
  },
  async 'open a drawer'(page) {
    await navigation(page, 'Customers').first().click();
    await page.locator('[data-customer]').nth(any(10)).click();
    const drawer = page.getByRole('dialog').last();
    await drawer.waitFor();
    await page.waitForTimeout(400);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  },
};

/** Another address without loading the page anew. */
async function go(page, address) {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, address);
}

/** The place where the heap is measured and pages are compared. */
export async function rest(page, conversation) {
  await page.mouse.move(1, 1);
  await page.keyboard.press('Escape');
  await go(page, `/inbox/${conversation}`);
  await page.locator('[data-thread] article').first().waitFor();
  await inbox(page).getByRole('listitem').first().waitFor();
  await page.locator('[data-thread]').evaluate((pane) => pane.scrollTo(0, pane.scrollHeight));
  await inbox(page).evaluate((list) => list.parentElement.scrollTo(0, 0));
}

/**
 * Rows, lines, cards and numbers as text, but for the mark of a card that is new to whoever looks. Reads down the list and the columns: what is out of
 * sight is not in the page.
 */
export async function read(page, conversation, deep) {
  await rest(page, conversation);
  await page.waitForTimeout(500);
  const tabs = await page.getByRole('radiogroup').allInnerTexts();
  const lines = await page.locator('[data-thread] article').evaluateAll((list) => list.slice(-12).map((line) => line.innerText));
  const rows = await down(inbox(page), '[role=listitem]', 'aria-posinset', deep);
  await navigation(page, 'Board').first().click();
  await page.locator('[data-card]').first().waitFor();
  await page.waitForTimeout(800);
  const columns = [];
  for (const column of await page.locator('[data-column]').all()) {
    const head = await column.locator('header').innerText();
    const list = column.getByRole('list');
    const cards = (await list.count()) ? await down(list, 'li', 'aria-posinset', deep) : [];
    columns.push({ head, cards });
  }
  return { tabs, lines, rows, columns };
}

/** The first `deep` rows of a virtual list, in order. */
function down(list, selector, place, deep) {
  return list.evaluate(
    async (element, { selector, place, deep }) => {
      const pane = element.parentElement;
      const seen = new Map();
      const wait = () => new Promise((resolve) => setTimeout(resolve, 120));
      for (let turn = 0; turn < 40; turn += 1) {
        for (const row of element.querySelectorAll(selector)) {
          const at = Number(row.getAttribute(place));
          if (at <= deep) seen.set(at, row.innerText.replace(/\s+/g, ' ').replace(/ New (?=\d)/, ' ').trim());
        }
        if (seen.size >= deep || pane.scrollTop + pane.clientHeight >= pane.scrollHeight - 1) break;
        pane.scrollBy(0, pane.clientHeight * 0.7);
        await wait();
      }
      pane.scrollTo(0, 0);
      return [...seen].sort((a, b) => a[0] - b[0]).map(([at, text]) => `${at} ${text}`);
    },
    { selector, place, deep },
  );
}
