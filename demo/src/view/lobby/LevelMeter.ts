import { el } from '../dom.ts';
import { level } from './level.ts';

/** How loud the microphone is, as a bar. Screen readers read it where they come by it; it does not interrupt them. */
export class LevelMeter {
  readonly #meter = el('meter', { id: 'level', min: '0', max: '1', value: '0', 'data-testid': 'level' });
  readonly element = el(
    'div',
    { class: 'level', hidden: true },
    el('label', { for: 'level' }, 'Loudness of your microphone'),
    this.#meter,
  );
  #track: MediaStreamTrack | null = null;
  #audio: AudioContext | null = null;

  /** Shows this one from now on; null: none, and nothing listens any more. */
  show(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.#track = track;
    this.element.hidden = track === null;
    this.#meter.value = 0;
    void this.#audio?.close();
    this.#audio = null;
    if (track !== null) this.#listen(track);
  }

  #listen(track: MediaStreamTrack): void {
    const audio = new AudioContext();
    this.#audio = audio;
    void audio.resume();
    const analyser = new AnalyserNode(audio, { fftSize: 2_048 });
    new MediaStreamAudioSourceNode(audio, { mediaStream: new MediaStream([track]) }).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const draw = (): void => {
      if (this.#audio !== audio) return;
      analyser.getFloatTimeDomainData(samples);
      this.#meter.value = level(samples);
      requestAnimationFrame(draw);
    };
    draw();
  }
}
