// Everything that comes from the server is put in as text, never as HTML: an incident's
// output is whatever somebody made the application print.

const HERE = new URL('.', import.meta.url).href.replace(/\/$/, '');
const [INTERVAL, LONGEST_INTERVAL] = [2000, 15000];
const TIMEOUT = 8000; // the endpoint itself waits for 5 s
const KEPT = 120000;
const $ = (id) => document.getElementById(id);

const TONES = Object.fromEntries(Object.entries({
  good: ['running', 'ready', 'warm', 'succeeded'], warn: ['open', 'parked', 'draining', 'aborted', 'stopping'],
  busy: ['starting', 'reloading', 'forked', 'online', 'listening', 'waiting'], bad: ['ending', 'failed', 'rolled-back', 'not reachable']
}).flatMap(([tone, words]) => words.map((word) => [word, tone])));

let state = null; // what the cluster said last
let heard = null; // when
let unreachable = null; // since when
let [interval, timer, polling] = [INTERVAL, 0, false];
let skew = 0; // the server's clock minus ours
let lists = { key: '', time: 0, reloads: [], incidents: [] };
const samples = new Map(); // of each worker, the oldest first
const totals = [];

// Elements

function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  Object.entries(properties ?? {}).forEach(([name, value]) => (name in element ? element[name] = value : element.setAttribute(name, value)));
  element.append(...children);
  return element;
}

const child = (parent, i, tag, properties) => parent.children[i] ?? parent.appendChild(make(tag, properties));

function put(element, text) {
  if (element.textContent !== String(text)) element.textContent = text;
  return element;
}
function pill(element, word, tone = TONES[word] ?? '') {
  put(element, word).className = `pill ${tone} ${tone === 'busy' ? 'moving' : ''}`;
}

// Elements stay while what they show stays, and with them focus and selection
function keep(parent, items, key, create, update) {
  const old = new Map([...parent.children].map((element) => [element.dataset.key, element]));
  items.forEach((item, i) => {
    const name = String(key(item));
    const element = old.get(name) ?? create(item);
    element.dataset.key = name;
    old.delete(name);
    if (parent.children[i] !== element) parent.insertBefore(element, parent.children[i] ?? null);
    update(element, item);
  });
  old.forEach((element) => element.remove());
}

// A value is a text, or puts something else into its cell
function table(id, items, values) {
  const columns = [...$(`${id}-columns`).children];
  $(`${id}-columns`).hidden = !items.length;
  if ($(`no-${id}`)) $(`no-${id}`).hidden = items.length > 0;
  const cell = ({ textContent, className }, i) => (i ? make('td', { role: 'cell', className, 'data-label': textContent })
    : make('th', { role: 'rowheader', scope: 'row' }));
  keep($(id), items, (item) => item.id, () => make('tr', { role: 'row' }, ...columns.map(cell)), (row, item) => values(item)
    .forEach((value, i) => (typeof value === 'function' ? value(row.children[i]) : put(row.children[i], value))));
}

const badge = (word, tone) => (cell) => pill(child(cell, 0, 'span'), word, tone);
const twice = (large, small) => (cell) => {
  put(child(cell, 0, 'span', { className: 'large' }), large);
  put(child(cell, 1, 'small'), small);
};
const opener = (label, action) => (cell) => child(cell, 0, 'button', { type: 'button', textContent: 'Open', onclick: action, ariaLabel: label });
const chart = (text, points, top) => (cell) => {
  const both = child(cell, 0, 'span', { className: 'measure' });
  put(child(both, 0, 'span'), text);
  spark(both, points, top);
};

function drawing(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  element.append(...children);
  return element;
}

function spark(parent, points, least) {
  const svg = parent.querySelector('svg') ?? parent.appendChild(drawing('svg', { class: 'spark', viewBox: '0 0 100 30',
    preserveAspectRatio: 'none', 'aria-hidden': true }, drawing('path', { class: 'area' }), drawing('path', {})));
  const known = points.filter(([, value]) => value != null);
  const top = Math.max(least ?? 0, ...known.map(([, value]) => value)) * 1.1 || 1;
  const runs = [];
  known.forEach(([when, value], i) => {
    // Nothing was asked while the page could not be seen
    if (!i || when - known[i - 1][0] > LONGEST_INTERVAL) runs.push([]);
    runs.at(-1).push([(100 - (Date.now() - when) / KEPT * 100).toFixed(2), (29 - value / top * 28).toFixed(2)]);
  });
  const lines = runs.map((run) => `M${run.map((point) => point.join(' ')).join('L')}`);
  svg.firstChild.setAttribute('d', runs.map((run, i) => `${lines[i]}L${run.at(-1)[0]} 30L${run[0][0]} 30Z`).join(''));
  svg.lastChild.setAttribute('d', lines.join(''));
}

// Words

const number = (value) => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
const percent = (part, all) => (all ? (100 * part / all).toFixed(part && part / all < 0.1 ? 2 : 0) + ' %' : '–');
const size = (bytes) => (bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`);
const clock = () => Date.now() + skew;
const of = (count, word) => `${number(count)} ${word}${count === 1 ? '' : 's'}`;
const slotName = (slot) => (slot == null ? 'Spare' : `Slot ${slot}`);

function time(text) {
  const date = new Date(text);
  const dateStyle = date.toDateString() === new Date().toDateString() ? undefined : 'medium';
  return date.toLocaleString(undefined, { dateStyle, timeStyle: 'medium' });
}

function duration(millis) {
  const seconds = Math.max(0, millis) / 1000;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const [unit, length, smaller, part] = [['d', 86400, 'h', 3600], ['h', 3600, 'min', 60], ['min', 60, 's', 1]].find((each) => seconds >= each[1]) ?? [];
  return unit ? `${Math.floor(seconds / length)} ${unit} ${Math.floor(seconds % length / part)} ${smaller}` : `${Math.floor(seconds)} s`;
}

const between = (from, to) => duration((to ? Date.parse(to) : clock()) - Date.parse(from));

// Numbers

const before = (list, age) => list.findLast((each) => each.time <= list.at(-1).time - age) ?? list[0];

function sample({ id, requests, responses, cpu, requestTimes: { buckets }, memory }) {
  const list = samples.get(id) ?? [];
  samples.set(id, list);
  list.push({ time: heard, requests, errors: responses['5xx'], cpu, buckets, memory });
  while (heard - list[0].time > KEPT) list.shift();
  // Heartbeats come once a second, so what lies between two answers is not steady
  const from = before(list, 5000);
  const seconds = (heard - from.time) / 1000;
  const last = list.at(-1);
  last.rate = seconds ? (requests - from.requests) / seconds : null;
  last.processor = seconds ? (cpu - from.cpu) / seconds / 10 : null;
  last.p99 = slowest([state.workers.find((worker) => worker.id === id)]);
}

// From the buckets, as the endpoint does, but of the last ten seconds
function slowest(workers) {
  const counts = [];
  for (const { id, requestTimes } of workers) {
    const from = before(samples.get(id), 10000).buckets;
    requestTimes.buckets.forEach(({ count }, i) => { counts[i] = (counts[i] ?? 0) + count - from[i].count; });
  }
  const all = counts.at(-1);
  return all ? workers[0].requestTimes.buckets[counts.findIndex((count) => count >= all * 0.99)].le ?? Infinity : null;
}

const shown = (p99) => (p99 == null ? '–' : p99 === Infinity ? '> 60 s' : duration(p99));
const series = (list, name) => list.map((each) => [each.time, each[name] === Infinity ? 60000 : each[name]]);

// The parts of the page

function showGlance() {
  const { workers, target } = state;
  const sum = (value) => workers.reduce((all, worker) => all + value(samples.get(worker.id)), 0);
  totals.push({ time: heard, rate: sum((list) => list.at(-1).rate), memory: sum((list) => list.at(-1).memory), p99: slowest(workers) });
  while (heard - totals[0].time > KEPT) totals.shift();
  const { rate, memory, p99 } = totals.at(-1);
  const shares = ['errors', 'requests'].map((name) => sum((list) => list.at(-1)[name] - list[0][name]));
  const ready = workers.filter((worker) => worker.slot != null && worker.state === 'ready').length;
  Object.entries({ ready: `${ready} of ${target}`, rate: number(rate), p99: shown(p99), memory: size(memory), errors: percent(...shares) })
    .forEach(([id, text]) => put($(id), text));
  ['rate', 'p99', 'memory'].forEach((name) => spark($(`${name}-line`), series(totals, name)));
  keep($('slots'), [...Array(target).keys()], (slot) => slot, () => make('span', { role: 'img' }), (square, slot) => {
    const own = workers.filter((worker) => worker.slot === slot);
    const word = (own.find((worker) => worker.state === 'ready') ?? own[0])?.state ?? (state.failedSlots.includes(slot) ? 'failed' : 'empty');
    square.className = TONES[word] ?? '';
    square.title = `${slotName(slot)}: ${word}`;
    square.ariaLabel = square.title;
  });
}

function showFacts() {
  const word = unreachable ? 'not reachable' : state.state;
  pill($('state'), word);
  document.title = `${word} · Cluster on port ${state.port}`;
  put($('facts'), `Port ${state.port}, generation ${state.generation}, primary ${state.primary.pid}, up ${between(state.primary.started)}`
    + (state.leader ? `, led by worker ${state.leader.worker}` : ''));
  $('actions').hidden = !state.mayWrite;
  put($('target'), of(state.target, 'worker'));
  ['fewer', 'more', 'reload', 'stop', 'abort'].forEach((id) => { $(id).disabled = !!unreachable || state.state === 'stopping'; });
  $('fewer').disabled ||= state.target < 2;
}

function showWorkers() {
  const most = Math.max(...state.workers.map((worker) => worker.memory));
  table('workers', state.workers, (worker) => {
    const list = samples.get(worker.id);
    const { rate, p99, processor } = list.at(-1);
    return [slotName(worker.slot), badge(worker.state), chart(rate == null ? '–' : number(rate), series(list, 'rate')),
      chart(shown(p99), series(list, 'p99')), chart(worker.memory ? size(worker.memory) : '–', series(list, 'memory'), most),
      processor == null ? '–' : `${Math.round(processor)} %`, number(worker.requestsInFlight), number(worker.responses['5xx']),
      between(worker.ready ?? worker.started), worker.restarts,
      twice(`${worker.id}${state.leader?.worker === worker.id ? ', leads' : ''}`, `pid ${worker.pid}, gen ${worker.generation}`)];
  });
}

const isWaiting = (reload) => reload.status === 'running' && !reload.losses;
const outcome = (reload) => (isWaiting(reload) ? 'waiting' : reload.status);
const toneOf = (reload) => (reload.status === 'running' ? 'busy' : TONES[reload.status]);
const asker = (reload) => [reload.trigger, reload.requester].filter(Boolean).join(': ');

function losses({ cutRequests, killedWorkers, listenDrops: { before: first, after: last } }) {
  const dropped = last != null && first != null ? `, ${of(last - first, 'connection')} dropped by the kernel, of all ports` : '';
  return `${of(cutRequests, 'request')} cut off, ${of(killedWorkers, 'worker')} killed${dropped}`;
}

function showReload() {
  const it = state.lastReload;
  $('current').hidden = !it;
  if (!it) return;
  const running = it.status === 'running';
  const steps = [...new Map(it.steps.map((step) => [step.slot, step])).values()];
  const isDone = (step) => step.ready && (step.drained || step.replaced == null);
  const stateOf = (id) => state.workers.find((worker) => worker.id === id)?.state ?? 'gone';
  const done = steps.filter(isDone).length;
  put($('current-title'), `${running ? `Reload ${it.id}` : 'Last reload'}: generation ${it.fromGeneration} to ${it.toGeneration}`);
  pill($('current-status'), outcome(it), toneOf(it));
  $('abort').hidden = !(running && state.mayWrite);
  $('current-progress').max = Math.max(state.target, steps.length);
  $('current-progress').value = it.status === 'succeeded' ? $('current-progress').max : done;
  $('current-progress').className = toneOf(it);
  put($('current-text'), `${it.strategy === 'rolling' ? 'Rolling' : 'All together'}, by ${asker(it)}. ${running
    ? `${done} of ${of(state.target, 'slot')} done in ${between(it.started)}.` : `Took ${between(it.started, it.finished)}, ended ${time(it.finished)}.`}`);
  put($('current-reason'), it.reason ? `${running ? 'It goes back' : 'Reason'}: ${it.reason}` : '');
  const missing = running ? [...Array(state.target).keys()].filter((slot) => !steps.some((step) => step.slot === slot)) : [];
  keep($('steps'), [...steps, ...missing.map((slot) => ({ slot }))], (step) => step.slot, () => make('li'), (item, step) => {
    item.className = isDone(step) ? 'good' : step.forked ? 'busy' : '';
    put(child(item, 0, 'b'), slotName(step.slot));
    put(child(item, 1, 'span'), !step.forked ? 'is still to come' : !step.ready ? `worker ${step.worker} starts`
      : isDone(step) ? `worker ${step.worker} took over` : `worker ${step.replaced} is ${stateOf(step.replaced)}`);
    put(child(item, 2, 'small'), [step.forked && `started ${time(step.forked)}`, step.ready && `ready after ${between(step.forked, step.ready)}`,
      step.drained && `worker ${step.replaced} gone ${between(step.ready, step.drained)} later`].filter(Boolean).join(', '));
  });
  showCanary(it, running);
  put($('losses'), it.losses ? `Lost: ${losses(it.losses)}.` : '');
}

function showCanary({ canary, fromGeneration }, running) {
  $('canary').hidden = !canary;
  if (!canary) return;
  const left = running ? Date.parse(canary.until) - clock() : 0;
  $('canary').className = left > 0 ? '' : 'past';
  put($('canary-title'), `Worker ${canary.worker} ${left > 0 ? `goes first and is watched for ${duration(left)} more` : 'went first'}`);
  const p99 = (among) => shown(slowest(state.workers.filter(among)));
  keep($('canary-rows'), [
    ['The new one', canary.requests, canary.serverErrors, p99((worker) => worker.id === canary.worker)],
    ['The others', canary.othersRequests, canary.othersServerErrors, p99((worker) => worker.state === 'ready' && worker.generation === fromGeneration)]
  ], ([name]) => name, () => make('tr'), (row, [name, all, bad, slow]) => {
    put(child(row, 0, 'th', { scope: 'row' }), name);
    [number(all), `${number(bad)} (${percent(bad, all)})`, slow].forEach((text, i) => put(child(row, i + 1, 'td'), text));
  });
}

function showLists() {
  table('incidents', [...lists.incidents].reverse(), (it) => [badge(it.cause, 'bad'), time(it.time),
    twice(slotName(it.slot), `worker ${it.worker}, pid ${it.pid}`), twice(it.detail, it.exit === it.detail ? '' : it.exit ?? 'is still there'),
    opener(`Open incident ${it.id}`, () => openIncident(it.id))]);
  table('reloads', [...lists.reloads].reverse(), (it) => [it.id, badge(outcome(it), toneOf(it)),
    `${it.fromGeneration} to ${it.toGeneration}`, time(it.started), twice(isWaiting(it) ? '–' : between(it.started, it.finished), it.strategy),
    asker(it), opener(`Open reload ${it.id}`, () => openReload(it.id))]);
}

// What opens

function open(title, small, ...content) {
  put($('dialog-title'), title);
  $('dialog').className = small ? 'small' : '';
  $('dialog-body').replaceChildren(...content);
  $('dialog-choices').replaceChildren();
  if (!$('dialog').open) $('dialog').showModal();
}

const facts = (...entries) => make('dl', null, ...entries.filter(([, value]) => value != null && value !== '')
  .flatMap(([name, value]) => [make('dt', { textContent: name }), make('dd', { textContent: value })]));

// What scrolls has to be reached by keyboard too
const long = (title, content) => (content ? [make('h3', { textContent: title }),
  make('pre', { textContent: content, tabIndex: 0, role: 'region', ariaLabel: title })] : []);

const openIncident = (id) => attempt(`Incident ${id}`, async () => {
  const it = await ask(`/incidents/${id}`);
  const said = it.metrics && `${size(it.metrics.memory)} of memory, heap ${size(it.metrics.heap.used)}, ${number(it.metrics.threads)} threads, `
    + `${number(it.metrics.requestsInFlight)} in flight, ${number(it.metrics.requests)} answered`;
  open(`Incident ${id}: ${it.cause}`, false, make('p', { textContent: it.detail }), facts(['Noticed', time(it.time)],
    ['Worker', `${it.worker}, ${slotName(it.slot).toLowerCase()}, pid ${it.pid}, generation ${it.generation}`],
    ['Ended', it.exited ? `${time(it.exited)}, ${it.exit}` : 'not yet'], ['Last heard', it.heartbeat && time(it.heartbeat)],
    ['It said', said], ['Error file', it.errorFile]), ...long('Thread dump', it.threadDump), ...long('Last output', it.output.join('\n')));
});

const openReload = (id) => attempt(`Reload ${id}`, async () => {
  const it = await ask(`/reloads/${id}`);
  open(`Reload ${id}: ${outcome(it)}`, false, facts(['Reason', it.reason], ['Generation', `${it.fromGeneration} to ${it.toGeneration}, ${it.strategy}`],
    ['Asked for by', asker(it)], ['Began', time(it.started)],
    ['Ended', it.finished ? `${time(it.finished)}, after ${between(it.started, it.finished)}` : 'not yet'], ['Lost', it.losses && losses(it.losses)],
    ...it.steps.map(({ slot, worker, forked, ready }) => [slotName(slot), `worker ${worker} ${ready ? `ready after ${between(forked, ready)}` : 'not ready'}`])),
  ...long('Last output of the worker that failed it', it.output.join('\n')));
});

function choose(title, question, ...choices) {
  open(title, true, make('p', { textContent: question }));
  $('dialog-choices').append(...choices.map(([textContent, className, action]) => make('button', {
    type: 'button', textContent, className, onclick: () => { $('dialog').close(); action(); }
  })));
}

// Asking

async function ask(path, body, method = 'GET') {
  const headers = { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) };
  const request = { method, headers, body: body && JSON.stringify(body), cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT) };
  const response = await fetch(HERE + path, request).catch(() => { throw new Error('nobody answers'); });
  const late = Date.parse(response.headers.get('Date')) - Date.now();
  skew = Math.abs(late) > 2000 ? late : 0; // that header knows no milliseconds
  const json = /json/.test(response.headers.get('Content-Type')) ? await response.json() : null;
  if (response.ok && json) return json;
  throw new Error(json?.reason ?? (response.ok ? 'the answer is not the cluster’s' : `status ${response.status}`));
}

function say(message, tone) {
  $('notice').className = `banner ${tone}`;
  $('notice').hidden = !message;
  put($('notice'), message);
}

const attempt = (what, action) => action().catch((error) => say(`${what}: ${error.message}`, 'bad'));
const operate = (what, path, body, done) => attempt(what, async () => {
  say('', '');
  say(done(await ask(path, body, 'POST')), 'good');
  setTimeout(() => { if ($('notice').className.includes('good')) say('', ''); }, 6000);
  poll();
});

function announce(last, incidents, back) {
  const words = back ? ['Reachable again.'] : [];
  if (last?.state !== state.state) words.push(`The cluster is ${state.state}.`);
  const { id, status } = state.lastReload ?? {};
  if (last && id && (last.lastReload?.id !== id || last.lastReload.status !== status)) words.push(`Reload ${id}: ${status}.`);
  if (last) lists.incidents.filter((it) => it.id > incidents).forEach((it) => words.push(`Worker ${it.worker} is lost: ${it.cause}.`));
  if (words.length) put($('announcements'), words.join(' '));
}

async function poll() {
  if (polling || document.hidden) return;
  polling = true;
  clearTimeout(timer);
  try {
    const [last, back] = [state, unreachable];
    const incidents = lists.incidents.at(-1)?.id ?? 0;
    const next = await ask('');
    // What is in a list begins and ends with something that the cluster shows as well
    const key = JSON.stringify([next.lastReload?.id, next.lastReload?.status, next.workers.map((worker) => [worker.id, worker.state])]);
    if (key !== lists.key || Date.now() - lists.time > LONGEST_INTERVAL) {
      lists = { key, time: Date.now(), ...await ask('/reloads'), ...await ask('/incidents') };
    }
    if (last?.primary.pid !== next.primary.pid) samples.clear();
    [state, heard, unreachable, interval] = [next, Date.now(), null, INTERVAL];
    state.workers.forEach(sample);
    [...samples.keys()].filter((id) => !state.workers.some((worker) => worker.id === id)).forEach((id) => samples.delete(id));
    [showGlance, showFacts, showReload, showWorkers, showLists].forEach((show) => show());
    announce(last, incidents, back);
  } catch (error) {
    unreachable ??= heard ?? Date.now();
    interval = Math.min(interval * 2, LONGEST_INTERVAL);
    put($('unreachable'), `Not reachable since ${time(unreachable)}: ${error.message}. This page tries again.`);
    if (state) showFacts();
    else pill($('state'), 'not reachable');
  } finally {
    polling = false;
    $('unreachable').hidden = !unreachable;
    document.body.classList.toggle('stale', !!unreachable);
    put($('footer'), `${heard ? `Last answer ${time(heard)}. ` : ''}As JSON: curl ${location.href}`);
    if (!document.hidden) timer = setTimeout(poll, interval);
  }
}

const scale = (by) => operate('Scaling', '/scale', { workers: state.target + by }, ({ target }) => `There will be ${of(target, 'worker')}.`);
const reload = (strategy) => operate('Reload', '/reload', strategy && { strategy }, ({ id }) => `Reload ${id} was accepted.`);

$('fewer').onclick = () => scale(-1);
$('more').onclick = () => scale(1);
$('reload').onclick = () => choose('Reload the cluster?', 'Workers with the code and configuration that are there now take the place of those that run.',
  ['As configured', 'primary', () => reload()], ['One by one', '', () => reload('rolling')], ['All together', '', () => reload('parallel')]);
$('abort').onclick = () => choose('Abort the reload?', 'Every slot goes back to the old generation.', ['Abort', 'danger',
  () => operate('Abort', `/reloads/${state.lastReload.id}/abort`, null, ({ id }) => `Reload ${id} goes back.`)]);
$('stop').onclick = () => choose('Stop the cluster?', 'Requests in flight are finished, then nobody serves any more. This page cannot start it again.',
  ['Stop', 'danger', () => operate('Stop', '/shutdown', null, () => 'The cluster stops.')]);
$('dialog-close').onclick = () => $('dialog').close();
document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : poll()));
poll();
