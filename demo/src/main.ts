/** The page: a lobby, a call, and its end. See `page.machine.ts` for its states. */
import { createActor } from 'xstate';
import { requireEncodedTransform } from '../../src/media/connection/transform.ts';
import type { Moved } from '../../src/messaging/move/Mover.ts';
import { Call, NO_ENCODED_TRANSFORM, type Luggage } from './Call.ts';
import type { Devices } from './devices.ts';
import { fragmentOf, newSecret, secretIn } from './link.ts';
import { pageMachine, type Wish } from './page.machine.ts';
import { periodsIn } from './periods.ts';
import { withNames } from './recording.ts';
import { CallScreen } from './view/call.ts';
import { el } from './view/dom.ts';
import { Lobby } from './view/lobby.ts';
import { arrivalText } from './view/move.ts';
import { recordingSaver } from './view/recording.ts';
import { fetchAhead } from './worker/start.ts';

const app = document.querySelector('#app');
if (app === null) throw new Error('the page has no #app');
const page = createActor(pageMachine);
let secret = secretIn(location.hash);
let call: Call | null = null;
let screen: CallScreen | null = null;
let lobby: Lobby | null = null;
const remembered = history.state as Wish | null;

function whyImpossible(): string | null {
  if (!isSecureContext) return 'A call needs a secure page: open this one over https, or from this machine.';
  try {
    requireEncodedTransform();
    return null;
  } catch {
    return NO_ENCODED_TRANSFORM;
  }
}

function download(lines: string): void {
  const url = URL.createObjectURL(new Blob([lines], { type: 'application/x-ndjson' }));
  el('a', { href: url, download: 'call.ndjson' }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Says in the history entry of this tab that it is in the call: a reload comes back into it, with what was on. */
const remember = (wish: Wish | null): void =>
  history.replaceState(wish, '', secret === null ? location.pathname : fragmentOf(secret));

/** The wish that leads to what is on now. */
function wishOf({ video, microphone }: Call, before: Wish): Wish {
  const heard = microphone?.enabled === true;
  if (!video.cameraWanted) return { ...before, choice: heard ? 'microphone' : 'none', muted: false };
  return { ...before, choice: 'camera and microphone', muted: !heard };
}

/** Puts a screen on the page, and the focus where it begins: who does not see it is told what is there now. */
function put(screen: HTMLElement): void {
  app?.replaceChildren(screen);
  screen.querySelector<HTMLElement>('[autofocus], h1[tabindex]')?.focus();
}

/** Goes to the room that others go to as well, with what was on; a reload stays there. */
function move(from: Call, moved: Moved, wish: Wish): void {
  secret = moved.secret;
  const arrival = arrivalText(from, moved);
  const devices = { camera: from.video.camera, microphone: from.microphone };
  begin(wishOf(from, wish), devices, from.handOver(), arrival);
}

function begin(wish: Wish, devices: Devices, luggage?: Luggage, arrival: string | null = null): void {
  secret ??= newSecret();
  remember(wish);
  if (wish.muted && devices.microphone !== null) devices.microphone.enabled = false;
  const changed = (it: Call): void => {
    // One that was left for another room, or has ended, may still have something to say.
    if (it !== call) return;
    if (it.moved !== null) return move(it, it.moved, wish);
    if (it.view !== null && it.view.epoch !== null) page.send({ type: 'admitted' });
    if (it.connection === 'closed') page.send({ type: 'closed', why: it.problem ?? 'You left the call.' });
    else screen?.show(it);
  };
  const here = new Call(secret, wish, devices, periodsIn(location.search), changed, luggage);
  here.arrival = arrival;
  call = here;
  const changedDevices = (): void => {
    if (call === here) remember(wishOf(here, wish));
  };
  screen = new CallScreen(location.href, {
    leave: () => here.leave(),
    setMicrophone: (on) => void here.setMicrophone(on).then(changedDevices),
    setCamera: (on) => void here.setCamera(on).then(changedDevices),
    setScreen: (on) => void here.setScreen(on).then(changedDevices),
    compare: here.compare,
    say: here.say,
    move: here.move,
    answerMove: here.answerMove,
    download: (named) =>
      void here.recording().then((lines) => download(named ? withNames(lines, here.names) : lines)),
  });
  put(screen.element);
  screen.show(here);
}

function end(over: Call, why: string | null): void {
  const recording = over.close();
  call = screen = null;
  remember(null);
  const saving = recordingSaver(
    (named) => void recording.then((lines) => download(named ? withNames(lines, over.names) : lines)),
  );
  saving.hidden = true;
  void recording.then((lines) => (saving.hidden = lines === ''));
  const again = () => page.send({ type: 'again' });
  put(
    el(
      'main',
      { class: 'lobby', 'data-testid': 'ended' },
      el('h1', { tabindex: '-1' }, 'The call has ended for you'),
      el('p', { 'data-testid': 'why' }, why ?? ''),
      el('button', { class: 'primary', onclick: again, 'data-testid': 'again' }, 'Join again'),
      saving,
    ),
  );
}

const newLobby = (wish: Wish | null): Lobby =>
  new Lobby({
    invited: secret !== null,
    brokenLink: secret === null && location.hash.length > 1,
    impossible: whyImpossible(),
    wish,
    join: (filledIn) => page.send({ type: 'join', wish: filledIn }),
    preview: (choice) => page.send(choice === null ? { type: 'closePreview' } : { type: 'preview', choice }),
  });

page.subscribe((snapshot) => {
  const { wish, devices, problem } = snapshot.context;
  if (snapshot.matches('lobby') || snapshot.matches('opening')) {
    if (lobby === null) put(el('main', {}, (lobby = newLobby(wish ?? remembered)).element));
    const preview = snapshot.matches({ lobby: 'open' })
      ? 'open'
      : snapshot.matches({ lobby: 'opening' })
        ? 'opening'
        : 'closed';
    lobby.show({ problem, busy: snapshot.matches('opening'), preview, devices });
    return;
  }
  lobby?.close();
  lobby = null;
  if (snapshot.matches('ended')) {
    if (call !== null) end(call, problem);
  } else if (call === null && wish !== null && devices !== null) {
    begin(wish, devices);
  }
});

addEventListener('hashchange', () => location.reload());
page.start();
if (secret !== null && remembered !== null && whyImpossible() === null)
  page.send({ type: 'join', wish: remembered });
// Once the lobby is on screen.
else requestAnimationFrame(() => setTimeout(fetchAhead));
