/** What is set beside what, and the limits that the project has set itself. */
import { OURS } from './ours.ts';
import { COPY, FRAMED, RAW } from './references.ts';
import type { Timed } from './turns.ts';
import { MLS, WASM } from './wasm.ts';

/** Of ours to AES-GCM by the same API. */
export const MOST_TO_AES_GCM = 1.3;
/** Of ours to one MLS application message a frame, by mls-rs in wasm, at 1,200 bytes. */
export const MOST_TO_MLS = 1 / 3;
const MLS_SIZE = 1_200;

/** One size, measured one frame after the other or several at once. */
export interface SizeTimes {
  readonly size: number;
  readonly inFlight: number;
  readonly times: readonly Timed[];
}

/** How rows are judged, where they were measured. */
export interface Judging {
  /** Name of the reference for MLS: mls-rs in wasm, or another where that could not be built; then ours is not judged beside it. */
  readonly mls: string;
  /** Unit of the clock that limits go by: of the processor where there is one, since what others do on the machine does not count then. */
  readonly judgedBy: string;
  /**
   * Whether a frame that is alone in flight is judged, or only several at once. In Node it is not: WebCrypto answers from another thread
   * there, and whether that is awake makes more of a difference than all that is compared.
   */
  readonly aloneIsJudged: boolean;
  /**
   * The AES-GCM that ours is judged beside. In a browser it is the one with a header before its result: to move the ciphertext behind a
   * header, which RFC 9605 asks for and WebCrypto cannot do, takes more there than what the limit leaves.
   */
  readonly aesGcm: typeof RAW | typeof FRAMED;
}

export interface Comparison {
  readonly heading: string;
  readonly ours: string;
  readonly reference: string;
  /** The most that the ratio may be. */
  readonly most?: (it: Omit<SizeTimes, 'times'>) => number | undefined;
  /** Shown for frames alone in flight and by the wall clock only. */
  readonly once?: true;
}

export function comparisons({ mls, aloneIsJudged, aesGcm }: Judging): readonly Comparison[] {
  const isJudged = ({ inFlight }: Omit<SizeTimes, 'times'>): boolean => aloneIsJudged || inFlight > 1;
  const which = aloneIsJudged ? '' : ' (several at once: alone, a frame waits for a thread to wake)';
  const besideMls = mls === MLS ? `ratio at most 1/3 at 1,200 bytes${which}` : 'not judged';
  return [
    ...[RAW, FRAMED].map((reference): Comparison => {
      const judged = reference === aesGcm ? `ratio at most ${MOST_TO_AES_GCM}${which}` : 'not judged';
      return {
        heading: `Ours beside ${reference}, with as long a key and as many authenticated bytes; ${judged}`,
        ours: OURS,
        reference,
        most: (it) => (reference === aesGcm && isJudged(it) ? MOST_TO_AES_GCM : undefined),
      };
    }),
    {
      heading: `Ours beside ${mls}; ${besideMls}`,
      ours: OURS,
      reference: mls,
      most: (it) => (mls === MLS && it.size === MLS_SIZE && isJudged(it) ? MOST_TO_MLS : undefined),
    },
    { heading: 'Ours beside no encryption: a copy of the frame', ours: OURS, reference: COPY, once: true },
    { heading: `Tried, not in production: ${WASM}, beside ${MLS}`, ours: WASM, reference: MLS, once: true },
    {
      heading: `Tried, not in production: ${WASM}, beside ours by WebCrypto`,
      ours: WASM,
      reference: OURS,
      once: true,
    },
  ];
}

/** How many ratios are judged where all contenders were there: protect and open, for each limit. */
export const judgedCount = (all: readonly SizeTimes[], judging: Judging): number =>
  2 *
  comparisons(judging).reduce(
    (sum, { most }) => sum + all.filter((it) => most?.(it) !== undefined).length,
    0,
  );
