// The platform's side of sending, in the test's own hands: takes what the server sends and answers as it is told.
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';

/** `sent`: the texts that were taken, in order. `answer`: `ok`, `lost` (taken, but the line ends) or an error of Graph. */
export async function openGraph() {
  const graph = { sent: [], answer: 'ok', url: '', close: () => server.close() };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const say = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const body = text.startsWith('{') ? JSON.parse(text) : {};
    const isMessage = request.method === 'POST' && /\/messages(\?|$)/.test(request.url) && body.text?.body !== undefined;
    if (!isMessage) return say(request.method === 'POST' ? 200 : 404, { success: true });
    if (typeof graph.answer === 'object') return say(400, { error: graph.answer });
    const id = `wamid.${randomUUID()}`;
    graph.sent.push({ id, to: body.to, text: body.text.body, quoted: body.context?.message_id ?? null });
    if (graph.answer === 'lost') return request.socket.destroy();
    return say(200, { messaging_product: 'whatsapp', contacts: [{ input: body.to, wa_id: body.to }], messages: [{ id }] });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  graph.url = `http://127.0.0.1:${server.address().port}`;
  return graph;
}
