// A Switchboard of its own for a test: the real binary on a fresh database, and a platform that signs what it posts.
//
// Needs `SWITCHBOARD_BIN` (a binary with the app inside) and `TEST_DATABASE_URL` (a superuser's, in libpq's words);
// `cargo xtask test` sets both.
import { execFile, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify, stripVTControlCharacters } from 'node:util';

const run = promisify(execFile);
const SECRET = 'e2e-app-secret';
export const EMAIL = 'ada@example.test';
export const PASSWORD = 'a-long-password-of-ada';
/** The number of the business that customers write to. */
const NUMBER = '418206994710335';

/** Processes, and whose they are. */
const running = new Map();
/** The end of what the running servers have logged: where something failed, the cause is often there. */
export const lastWords = () =>
  [...running.values()].flatMap(({ url, log }) => [`server ${url}:`, ...stripVTControlCharacters(log).trimEnd().split('\n').slice(-8).map((line) => line.slice(0, 250))]);
// An interrupted run leaves no server behind, nor does one that breaks.
process.once('exit', () => {
  for (const child of running.keys()) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of running.keys()) child.kill('SIGKILL');
    process.exit(1);
  });
}

/** One that stops with `stop()`, whatever happened in between. */
export async function startServer(settings = {}) {
  const base = process.env.TEST_DATABASE_URL;
  const binary = process.env.SWITCHBOARD_BIN;
  if (!base || !binary) throw new Error('run the browser tests with `cargo xtask test --only browser`');
  const database = `e2e_${randomUUID().replaceAll('-', '')}`;
  await psql(base, `create database ${database}`);
  const url = `${base} dbname=${database}`;
  const data = await mkdtemp(join(tmpdir(), 'switchboard-e2e-'));
  const server = new Server(url, base, database, data, binary, {
    BIND_ADDR: '127.0.0.1:0',
    DATA_DIR: data,
    DATABASE_URL: url,
    ADMIN_EMAIL: EMAIL,
    ADMIN_PASSWORD: PASSWORD,
    META_APP_SECRET: SECRET,
    META_VERIFY_TOKEN: 'e2e',
    RATE_LIMITS: 'off',
    DEFAULT_REGION: 'TR',
    // Nobody answers there: profiles stay unknown.
    GRAPH_API_URL: 'http://127.0.0.1:9',
    INSTAGRAM_API_URL: 'http://127.0.0.1:9',
    ...settings,
  });
  await server.start();
  return server;
}

class Server {
  #seconds = Math.floor(Date.now() / 1000) - 3600;
  #cookie = '';

  constructor(database, base, name, data, binary, settings) {
    Object.assign(this, { database, base, name, data, binary, settings, log: '' });
  }

  /** Also after `kill`: then at the same address. */
  async start() {
    this.process = spawn(this.binary, ['serve'], { env: { ...process.env, ...this.settings }, cwd: this.data });
    this.process.stderr.on('data', (text) => (this.log += text));
    const child = this.process;
    running.set(child, this);
    this.exited = new Promise((resolve) => child.once('exit', resolve)).finally(() => running.delete(child));
    this.url = await new Promise((resolve, reject) => {
      createInterface(this.process.stdout).on('line', (line) => {
        this.log += `${line}\n`;
        if (line.startsWith('listening on ')) resolve(line.slice('listening on '.length).trim());
      });
      this.process.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${this.log}`)));
    });
    this.settings.BIND_ADDR = new URL(this.url).host;
  }

  async kill() {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  async stop() {
    this.process.kill('SIGTERM');
    await this.exited;
    await psql(this.base, `drop database if exists ${this.name} with (force)`);
    await rm(this.data, { recursive: true, force: true });
  }

  /** Statements as the database's owner. */
  sql(statements) {
    return psql(this.database, statements);
  }

  /** The only tenant's id. */
  async tenant() {
    return (await this.sql('select id from tenant limit 1')).trim();
  }

  /** One webhook with a WhatsApp message of a customer; the message's platform id. */
  async receives({ from, name, text, id = `wamid.${randomUUID()}`, ...more }) {
    this.#seconds += 1;
    const message = { from, id, timestamp: String(this.#seconds), ...(more.message ?? { type: 'text', text: { body: text } }) };
    await this.post('whatsapp', {
      object: 'whatsapp_business_account',
      entry: [
        {
          id: '329471260257418',
          changes: [
            {
              field: 'messages',
              value: {
                messaging_product: 'whatsapp',
                metadata: { display_phone_number: '908502223344', phone_number_id: NUMBER },
                contacts: [{ profile: { name }, wa_id: from }],
                messages: [message],
              },
            },
          ],
        },
      ],
    });
    return id;
  }

  /** Any signed body; must be taken. */
  async post(platform, body) {
    const bytes = typeof body === 'string' ? body : JSON.stringify(body);
    const signature = `sha256=${createHmac('sha256', SECRET).update(bytes).digest('hex')}`;
    const answer = await fetch(`${this.url}/api/${platform}/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
      body: bytes,
    });
    if (answer.status !== 200) throw new Error(`the webhook got ${answer.status}`);
  }

  /** REST as the administrator. */
  async call(method, path, body) {
    if (!this.#cookie) {
      const login = await this.#send('POST', '/auth/login', { email: EMAIL, password: PASSWORD });
      if (!login.ok) throw new Error(`sign-in: ${login.status} ${await login.text()}`);
      this.#cookie = `Bearer ${(await login.json()).access_token}`;
    }
    const answer = await this.#send(method, path, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  #send(method, path, body) {
    const headers = { 'content-type': 'application/json', origin: this.settings.PUBLIC_URL ?? this.url };
    if (this.#cookie) headers.authorization = this.#cookie;
    const request = { method, headers };
    if (body) request.body = JSON.stringify(body);
    return fetch(`${this.url}/api/v1${path}`, request);
  }

  /** Waits until a list of REST has what is looked for. */
  async until(path, found) {
    for (let turn = 0; turn < 400; turn += 1) {
      const answer = await this.call('GET', path);
      if (found(answer)) return answer;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${path} never became what it should`);
  }
}

async function psql(database, statements) {
  const { stdout } = await run('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', statements], {
    maxBuffer: 64 << 20,
  });
  return stdout;
}
