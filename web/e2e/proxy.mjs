// A network between a browser and a server that can be cut: open connections end, new ones are refused.
import { connect, createServer } from 'node:net';

export async function openProxy() {
  const sockets = new Set();
  let target = null;
  let whole = true;
  const listener = createServer((client) => {
    if (!whole || !target) {
      client.destroy();
      return;
    }
    const server = connect(target);
    for (const [from, to] of [[client, server], [server, client]]) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${listener.address().port}`,
    leadTo(url) {
      target = { host: new URL(url).hostname, port: Number(new URL(url).port) };
    },
    cut() {
      whole = false;
      for (const socket of sockets) socket.destroy();
    },
    heal() {
      whole = true;
    },
    close() {
      this.cut();
      listener.close();
    },
  };
}
