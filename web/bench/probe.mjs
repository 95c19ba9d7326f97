// Runs in the page, before anything of the page does: when a frame came, and when what it says was painted.
//
// A frame's arrival is when its `message` event is first handled, before the page's own handler. Its paint is taken from
// the first task after the frame in whose rendering the text was in the document: a task that is posted within an
// animation frame runs right after that frame was drawn.

export function probe() {
  const MARK = /e(\d+)x(\d+)e/;
  const now = () => performance.timeOrigin + performance.now();
  const state = { frames: 0, events: 0, arrived: {}, painted: [], longTasks: [], away: 0 };
  globalThis.__bench = state;

  const Plain = globalThis.WebSocket;
  globalThis.WebSocket = class extends Plain {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data }) => {
        const at = now();
        const text = String(data);
        state.frames += 1;
        if (text.includes('"type":"event"')) state.events += 1;
        if (!text.includes('"name":"message.created"')) return;
        const mark = MARK.exec(text);
        if (mark) state.arrived[mark[0]] = at;
      });
    }
  };

  let frameOpen = false;
  let asked = false;
  let waiting = [];
  const after = new MessageChannel();
  after.port1.onmessage = () => {
    const at = now();
    frameOpen = false;
    asked = false;
    for (const { place, mark, element } of waiting.splice(0)) {
      // Layout is clean here, so this costs nothing.
      if (place === 'thread' && !isInSight(element)) state.away += 1;
      state.painted.push([place, mark, at]);
    }
  };
  const frame = globalThis.requestAnimationFrame.bind(globalThis);
  globalThis.requestAnimationFrame = (callback) =>
    frame((time) => {
      if (!frameOpen) {
        frameOpen = true;
        after.port2.postMessage(null);
      }
      callback(time);
    });

  function isInSight(element) {
    const pane = element.closest('[data-thread]');
    if (!pane) return false;
    const [box, view] = [element.getBoundingClientRect(), pane.getBoundingClientRect()];
    return box.bottom > view.top && box.top < view.bottom;
  }

  function note(node) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const place = element?.closest?.('[data-thread]') ? 'thread' : element?.closest?.('[role=list]') ? 'list' : element?.closest?.('[data-floor]') ? 'floor' : null;
    if (!place) return;
    const found = node.textContent.match(/e\d+x\d+e/g) ?? [];
    for (const mark of found) waiting.push({ place, mark, element });
  }

  new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === 'characterData') note(record.target);
      else for (const node of record.addedNodes) note(node);
    }
    if (waiting.length === 0 || frameOpen || asked) return;
    asked = true;
    globalThis.requestAnimationFrame(() => undefined);
  }).observe(document, { subtree: true, childList: true, characterData: true });

  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) state.longTasks.push(entry.duration);
  }).observe({ type: 'longtask' });
}

/** The least that a page can do: the same socket, and each text into one element. */
export const FLOOR = `<!doctype html><meta charset="utf-8"><title>floor</title><p data-floor> </p><script>
  const line = document.querySelector('[data-floor]');
  const socket = new WebSocket(location.origin.replace(/^http/, 'ws') + '/api/v1/realtime', 'switchboard.v1');
  socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', rooms: ['inbox'], resume_from: null, epoch: null }));
  socket.onmessage = (event) => {
    const frame = JSON.parse(event.data);
    if (frame.type === 'welcome') document.title = 'ready';
    if (frame.name === 'message.created') line.firstChild.data = frame.data.message.text;
  };
</script>`;
