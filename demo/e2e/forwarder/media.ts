/** What a test's page sends, and how it reads what it receives. */

/** A camera that shows one colour. */
export function colourTrack(colour: string): MediaStreamTrack {
  return canvasTrack(160, 120, (context, tick) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, 160, 120);
    // Something that moves, at the edge, so that each frame is a new one.
    context.fillStyle = '#808080';
    context.fillRect(tick % 160, 0, 4, 4);
  });
}

/** A camera that shows a colour in each corner, and between them noise, so that frames take several packets. */
export function cornersTrack(corners: readonly string[]): MediaStreamTrack {
  const [width, height] = [320, 240];
  return canvasTrack(width, height, (context) => {
    for (const [index, colour] of corners.entries()) {
      context.fillStyle = colour;
      context.fillRect((index % 2) * (width / 2), (index >> 1) * (height / 2), width / 2, height / 2);
    }
    for (let count = 0; count < 400; count += 1) {
      context.fillStyle = `hsl(${Math.random() * 360} 80% ${Math.random() * 100}%)`;
      context.fillRect(
        width / 3 + (Math.random() * width) / 3,
        height / 3 + (Math.random() * height) / 3,
        6,
        6,
      );
    }
  });
}

function canvasTrack(
  width: number,
  height: number,
  draw: (context: CanvasRenderingContext2D, tick: number) => void,
): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d')!;
  let tick = 0;
  setInterval(() => draw(context, (tick += 1)), 66);
  return canvas.captureStream(15).getVideoTracks()[0]!;
}

/** A microphone that hears one tone. */
export function toneTrack(audio: AudioContext, frequency: number): MediaStreamTrack {
  const oscillator = new OscillatorNode(audio, { frequency });
  const destination = new MediaStreamAudioDestinationNode(audio);
  oscillator.connect(new GainNode(audio, { gain: 0.3 })).connect(destination);
  oscillator.start();
  return destination.stream.getAudioTracks()[0]!;
}

/** Shows or plays a track, and reads its picture or its tone. */
export class Receiver {
  readonly element: HTMLMediaElement;
  readonly #analyser: AnalyserNode | null = null;

  constructor(audio: AudioContext, track: MediaStreamTrack) {
    this.element = document.createElement(track.kind === 'audio' ? 'audio' : 'video');
    this.element.autoplay = true;
    const stream = new MediaStream([track]);
    this.element.srcObject = stream;
    document.body.append(this.element);
    if (track.kind !== 'audio') return;
    this.#analyser = new AnalyserNode(audio, { fftSize: 8192, smoothingTimeConstant: 0 });
    new MediaStreamAudioSourceNode(audio, { mediaStream: stream }).connect(this.#analyser);
  }

  /** Red, green and blue at a place of the picture, 0 to 1 each way; null without a picture. */
  colourAt(x: number, y: number): number[] | null {
    const video = this.element as HTMLVideoElement;
    if (video.tagName !== 'VIDEO' || video.videoWidth === 0) return null;
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext('2d')!;
    context.drawImage(video, video.videoWidth * x, video.videoHeight * y, 1, 1, 0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  }

  colour(): number[] | null {
    return this.colourAt(0.5, 0.5);
  }

  corners(): number[][] {
    const places = [0.15, 0.85].flatMap((y) => [0.15, 0.85].map((x) => this.colourAt(x, y)));
    return places.flatMap((place) => (place === null ? [] : [place]));
  }

  peak(): number | null {
    const analyser = this.#analyser;
    if (analyser === null) return null;
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const strongest = bins.reduce((best, level, index) => (level > bins[best]! ? index : best), 0);
    if (!(bins[strongest]! > -60)) return null;
    return (strongest * analyser.context.sampleRate) / analyser.fftSize;
  }
}
