// The platform's side of sending, in the test's own hands: takes what the server sends and answers as it is told.
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';

/** Kinds of messages with a file. */
const MEDIA = ['image', 'video', 'audio', 'document', 'sticker'];

/**
 * `sent`: the messages that were taken, in order, each with its `type` and what it has of it. `answer`: `ok`, `lost` (taken, but the line ends) or an error
 * of Graph. `uploads`: how many files were given to the platform. `templates`: what a number has.
 */
export async function openGraph() {
  const graph = { sent: [], uploads: 0, templates: [], answer: 'ok', url: '', close: () => server.close() };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const say = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const body = text.startsWith('{') ? JSON.parse(text) : {};
    if (request.method === 'POST' && /\/(media|message_attachments)(\?|$)/.test(request.url)) {
      graph.uploads += 1;
      const id = String(graph.uploads);
      return say(200, request.url.includes('/media') ? { id } : { attachment_id: id });
    }
    if (request.method === 'GET' && request.url.includes('/message_templates')) return say(200, { data: graph.templates, paging: {} });
    // Messenger's, which name no type.
    if (request.method === 'POST' && body.recipient && body.message) {
      const id = `m_${randomUUID()}`;
      graph.sent.push({ id, to: body.recipient.id, type: body.message.attachment?.type ?? 'text', text: body.message.text, content: body.message.attachment?.payload });
      return say(200, { recipient_id: body.recipient.id, message_id: id });
    }
    const isMessage = request.method === 'POST' && /\/messages(\?|$)/.test(request.url) && body.type !== undefined;
    if (!isMessage && request.method === 'POST') return say(200, { success: true });
    if (!isMessage) return say(400, { error: { message: 'Unsupported get request.', code: 100, error_subcode: 33 } });
    if (typeof graph.answer === 'object') return say(400, { error: graph.answer });
    const id = `wamid.${randomUUID()}`;
    const file = MEDIA.includes(body.type) ? body[body.type] : null;
    graph.sent.push({ id, to: body.to, type: body.type, text: body.text?.body ?? file?.caption, voice: file?.voice, emoji: body.reaction?.emoji, template: body.template, content: body[body.type], quoted: body.context?.message_id ?? null });
    if (graph.answer === 'lost') return request.socket.destroy();
    return say(200, { messaging_product: 'whatsapp', contacts: [{ input: body.to, wa_id: body.to }], messages: [{ id }] });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  graph.url = `http://127.0.0.1:${server.address().port}`;
  return graph;
}
