// Customers who write at an even pace, whatever the server needs for each.
//
// Every text ends in a mark, `e<customer>x<number>e`, by which a page's pictures are told apart; `sent` holds when each
// began to be posted, in milliseconds since 1970.

const NEW_FROM = 100_000;
const clock = () => performance.timeOrigin + performance.now();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A customer's phone number; 0 is the one whose conversation is open. */
export const phone = (customer) => `90532${String(1_000_000 + customer)}`;

export class Traffic {
  sent = new Map();
  posted = 0;
  failed = 0;
  #number = 0;
  #next = NEW_FROM;
  #running = new Set();
  #platformIds = [];

  /** `choose()` names the customer of the next message; `null` is one who never wrote before. */
  constructor(server, choose) {
    Object.assign(this, { server, choose });
  }

  get newcomers() {
    return this.#next - NEW_FROM;
  }

  /** Posts `rate` a second until `going()` says no; a slow server makes them overlap, never fewer. */
  async run(rate, going) {
    const start = performance.now();
    for (let n = 0; going(); n += 1) {
      const wait = start + (n * 1000) / rate - performance.now();
      if (wait > 0) await pause(wait);
      const one = this.#post().finally(() => this.#running.delete(one));
      this.#running.add(one);
    }
    await Promise.all(this.#running);
  }

  /** One message, and waits until the server has taken it. */
  async say(customer) {
    this.#number += 1;
    const mark = `e${customer}x${this.#number}e`;
    this.sent.set(mark, clock());
    const id = await this.server.receives({ from: phone(customer), name: `Customer ${customer}`, text: `A line of some length ${mark}` });
    this.posted += 1;
    return id;
  }

  async #post() {
    let customer = this.choose();
    if (customer === null) customer = this.#next++;
    try {
      // One in twelve is no message but a sign under an earlier one.
      const earlier = this.#platformIds[Math.floor(Math.random() * this.#platformIds.length)];
      if (this.signs && earlier && Math.random() < 1 / 12) await this.#sign(earlier);
      else this.#remember({ customer, id: await this.say(customer) });
    } catch (error) {
      this.failed += 1;
      this.lastError = error;
    }
  }

  #sign({ customer, id }) {
    const message = { type: 'reaction', reaction: { message_id: id, emoji: '👍' } };
    return this.server.receives({ from: phone(customer), name: `Customer ${customer}`, message });
  }

  #remember(message) {
    this.#platformIds.push(message);
    if (this.#platformIds.length > 200) this.#platformIds.shift();
  }
}
