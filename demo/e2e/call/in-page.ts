/** What tests do inside the page: other devices, and eyes and ears. Functions here are sent to the browser as text. */
import { type PersonInTest } from './people.ts';

/** What comes out of one tile. */
export interface Observation {
  readonly participant: string;
  readonly name: string;
  readonly badge: string;
  /** Red, green and blue of the picture's middle, 0 to 255; null without a picture. */
  readonly colour: readonly number[] | null;
  /** Pictures that were shown so far. */
  readonly pictures: number;
  /** Frequency of the strongest tone, in hertz; null in silence. */
  readonly peak: number | null;
}

export interface InPage {
  observe(): Observation[];
  /** Pictures that the canvas behind the camera has drawn. */
  drawn(): number;
}

/** Replaces camera and microphone by one colour and one tone, and makes `inPage`. To be run before the page's scripts. */
export function installInPage({ rgb, tone }: PersonInTest): void {
  let drawn = 0;
  let speaker: AudioContext | null = null;
  const audio = (): AudioContext => (speaker ??= new AudioContext());

  const cameraTrack = (): MediaStreamTrack => {
    const canvas = document.createElement('canvas');
    canvas.width = 320;
    canvas.height = 180;
    const context = canvas.getContext('2d')!;
    const draw = (): void => {
      context.fillStyle = `rgb(${rgb.join(' ')})`;
      context.fillRect(0, 0, canvas.width, canvas.height);
      // Something that moves, at the edge, so that each frame is a new one.
      context.fillStyle = '#808080';
      context.fillRect((drawn += 1) % canvas.width, 0, 8, 8);
    };
    draw();
    setInterval(draw, 66);
    return canvas.captureStream(15).getVideoTracks()[0]!;
  };
  const microphoneTrack = (): MediaStreamTrack => {
    void audio().resume();
    const oscillator = new OscillatorNode(audio(), { frequency: tone });
    const destination = new MediaStreamAudioDestinationNode(audio());
    oscillator.connect(new GainNode(audio(), { gain: 0.3 })).connect(destination);
    oscillator.start();
    return destination.stream.getAudioTracks()[0]!;
  };
  navigator.mediaDevices.getUserMedia = async ({ audio: wantsAudio, video } = {}) =>
    new MediaStream([...(wantsAudio ? [microphoneTrack()] : []), ...(video ? [cameraTrack()] : [])]);

  const colourOf = (video: HTMLVideoElement | null): number[] | null => {
    if (video === null || video.hidden || video.videoWidth === 0) return null;
    const context = new OffscreenCanvas(1, 1).getContext('2d')!;
    context.drawImage(video, video.videoWidth / 2, video.videoHeight / 2, 1, 1, 0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
  // Of a stream, Firefox counts no pictures in getVideoPlaybackQuality.
  const counted = new WeakMap<HTMLVideoElement, number>();
  const picturesOf = (video: HTMLVideoElement | null): number => {
    if (video === null) return 0;
    if (!counted.has(video)) {
      const count = (): void => {
        counted.set(video, (counted.get(video) ?? -1) + 1);
        video.requestVideoFrameCallback(count);
      };
      count();
    }
    return video.getVideoPlaybackQuality().totalVideoFrames || (counted.get(video) ?? 0);
  };
  const analysers = new WeakMap<MediaStream, AnalyserNode>();
  const peakOf = (element: HTMLAudioElement | null): number | null => {
    const stream = element?.srcObject;
    if (!(stream instanceof MediaStream)) return null;
    let analyser = analysers.get(stream);
    if (analyser === undefined) {
      analyser = new AnalyserNode(audio(), { fftSize: 8192, smoothingTimeConstant: 0 });
      new MediaStreamAudioSourceNode(audio(), { mediaStream: stream }).connect(analyser);
      analysers.set(stream, analyser);
    }
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const strongest = bins.reduce((best, level, index) => (level > bins[best]! ? index : best), 0);
    return bins[strongest]! > -60 ? (strongest * audio().sampleRate) / analyser.fftSize : null;
  };

  const inPage: InPage = {
    observe: () =>
      [...document.querySelectorAll<HTMLElement>('[data-testid=tile]')].map((tile) => ({
        participant: tile.dataset['participant'] ?? '',
        name: tile.querySelector('[data-testid=tile-name]')?.textContent ?? '',
        badge: tile.querySelector<HTMLElement>('[data-testid=badge]')?.dataset['state'] ?? '',
        colour: colourOf(tile.querySelector('video')),
        pictures: picturesOf(tile.querySelector('video')),
        peak: peakOf(tile.querySelector('audio')),
      })),
    drawn: () => drawn,
  };
  Object.assign(globalThis, { inPage });
}
