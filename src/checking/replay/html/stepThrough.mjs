/* global document, location, history */
/** In the page of a replay: shows one step at a time. The data are those of `data.ts`, in the page itself. */
const byId = (id) => document.getElementById(id);
const { names, logs, sights, openings, steps, damage } = JSON.parse(byId('data').textContent);
const stage = byId('stage');
const slider = byId('slider');
let at = 0;

/** An element with classes, and children or text. */
function make(tag, classes, ...children) {
  const element = document.createElement(tag);
  if (classes !== '') element.className = classes;
  element.append(...children);
  return element;
}

/** Damage that a step tells of, by participant: who of `names` is in the text. */
const isMarked = (step, name) =>
  step.notes.some(
    ({ kind, text }) =>
      !['skipped', 'reads-on', 'sees-split'].includes(kind) && text.split(/\W+/).includes(name),
  );

function card(step, i) {
  const sight = sights[step.sights[i]];
  const classes = ['card'];
  if (sight.away) classes.push('away');
  if (i === step.who) classes.push('actor');
  if (isMarked(step, names[i])) classes.push('marked');
  const role = sight.designated ? make('span', 'crown', '★') : '';
  const parts = [
    make('div', 'who', make('strong', '', names[i]), ' ', role),
    make('div', 'state', sight.state),
  ];
  if (sight.group !== null) {
    const { epoch, digits, colour } = sight.group;
    parts.push(make('div', `chip c${colour}`, `epoch ${epoch} · ${digits}`));
  } else parts.push(make('div', 'chip none', sight.away ? ' ' : 'no group'));
  if (!sight.away) {
    const meter = document.createElement('progress');
    const length = step.lengths[sight.log];
    meter.max = Math.max(1, length);
    meter.value = sight.position;
    const which = logs.length === 1 ? '' : ` of log ${sight.log + 1}`;
    // Who follows no rule reads every log, and says so nowhere.
    if (sight.state !== 'dishonest')
      parts.push(make('div', 'read', `read ${sight.position} of ${length}${which}`, meter));
  }
  if (sight.draft !== null) parts.push(make('div', 'draft', `pending: ${sight.draft}`));
  if (sight.outbox.length > 0) parts.push(make('div', 'draft', `on its way: ${sight.outbox.join(', ')}`));
  return make('div', classes.join(' '), ...parts);
}

/** Of many, only those who are there; the others in words. */
function cards(step) {
  const all = names.map((_, i) => i);
  const isShown = (i) => names.length <= MANY || i === step.who || !sights[step.sights[i]].away;
  const others = all.filter((i) => !isShown(i) && sights[step.sights[i]].state !== 'outside');
  const words = others.map((i) => `${names[i]} ${sights[step.sights[i]].state}`).join(', ');
  return [
    ...all.filter(isShown).map((i) => card(step, i)),
    ...(others.length === 0 ? [] : [make('div', 'others', words)]),
  ];
}

function entry(text, i, which, step, before) {
  const isAt = ({ log, position }) => log === which && position === i + 1;
  const readers = names.filter((_, who) => isAt(sights[step.sights[who]]));
  const kind = /\b(join|leave|found|commit|welcome|handover|claim)\b/.exec(text)?.[1] ?? 'void';
  const item = make(
    'li',
    `${kind}${i >= before.lengths[which] ? ' new' : ''}`,
    make('b', '', String(i + 1)),
    ` ${text}`,
  );
  item.append(make('span', 'readers', readers.join(' ')));
  if (readers.length > 0) item.title = `${readers.join(', ')} read up to here`;
  return item;
}

/** A log with its heading: there are two where the service shows two. */
function logOf(which, step, before) {
  const entries = logs[which]
    .slice(0, step.lengths[which])
    .map((text, i) => entry(text, i, which, step, before));
  return [make('h2', '', logs.length === 1 ? 'The log' : `Log ${which + 1}`), make('ol', 'log', ...entries)];
}

const MEANING = {
  o: 'opens',
  k: 'could open, with keys that it has erased',
  s: 'is refused',
  n: 'never had a key to open',
};

/** With many participants, those who have no part in it are left out. */
const MANY = 8;

function openingRows(step) {
  const rows = openings[step.openings];
  const all = names.map((_, i) => i);
  const lettersOf = (i) => rows[i] ?? '';
  const isIn = (i) =>
    lettersOf(i) !== '' || all.some((j) => j !== i && 'ok'.includes(lettersOf(j)[i] || '-'));
  const shown = names.length > MANY ? all.filter(isIn) : all;
  const head = make('tr', '', make('td', '', ''), ...shown.map((i) => make('th', '', names[i])));
  const body = shown.map((i) => {
    const sender = names[i];
    const letters = lettersOf(i);
    const cells = shown.map((j) => {
      const receiver = names[j];
      if (letters === '' || i === j) return make('td', i === j ? 'self' : '', '');
      const letter = letters[j];
      const leaks = letter === 'o' && step.removed.includes(j) && !step.removed.includes(i);
      const cell = make('td', '', make('b', leaks ? 'leak' : letter));
      cell.title = `${receiver} ${MEANING[letter]} what ${sender} protects${leaks ? ', though it was removed' : ''}`;
      return cell;
    });
    return make('tr', letters === '' ? 'off' : '', make('th', '', sender), ...cells);
  });
  return [head, ...body];
}

/** Inside of the table's own box: the page stays where it is. */
function scrollTo(row) {
  const box = document.querySelector('main');
  const head = byId('steps').tHead.getBoundingClientRect().height;
  const [inner, outer] = [row.getBoundingClientRect(), box.getBoundingClientRect()];
  if (inner.top < outer.top + head) box.scrollTop -= outer.top + head - inner.top;
  else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom + 2;
}

function show(to, scroll = true) {
  at = Math.min(Math.max(to, 0), steps.length - 1);
  const step = steps[at];
  const before = steps[Math.max(0, at - 1)];
  slider.value = String(at);
  byId('number').textContent = `step ${at} of ${steps.length - 1}`;
  const notes = step.notes.map(({ kind, text }) => make('span', `note ${kind}`, text));
  byId('sentence').replaceChildren(make('span', '', step.sentence), ...notes);
  byId('people').replaceChildren(...cards(step));
  byId('logs').replaceChildren(...logs.flatMap((_, which) => logOf(which, step, before)));
  for (const list of byId('logs').querySelectorAll('ol')) list.scrollTop = list.scrollHeight;
  byId('openings').tBodies[0].replaceChildren(...openingRows(step));
  document.querySelector('tr.current')?.classList.remove('current');
  const row = byId(`step-${at}`);
  row?.classList.add('current');
  if (scroll && row !== null) scrollTo(row);
  history.replaceState(null, '', `#at-${at}`);
}

const KEYS = {
  ArrowRight: () => show(at + 1),
  ArrowLeft: () => show(at - 1),
  Home: () => show(0),
  End: () => show(steps.length - 1),
  d: () => show(damage ?? steps.length - 1),
};

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act();
});
for (const [id, key] of [
  ['first', 'Home'],
  ['back', 'ArrowLeft'],
  ['on', 'ArrowRight'],
  ['last', 'End'],
  ['damage', 'd'],
])
  byId(id).addEventListener('click', KEYS[key]);
slider.max = String(steps.length - 1);
slider.addEventListener('input', () => show(Number(slider.value)));
byId('damage').hidden = damage === null;
byId('steps').addEventListener('click', (event) => {
  const row = event.target.closest('tr[id]');
  if (row !== null) show(Number(row.id.slice('step-'.length)), false);
});
stage.hidden = false;
document.body.classList.add('stepping');
const wanted = /^#at-(\d+)$/.exec(location.hash)?.[1];
show(wanted === undefined ? (damage ?? steps.length - 1) : Number(wanted));
