/** How much of the camera is sent, in the names of RTCRtpEncodingParameters (W3C WebRTC). No DOM imports here. */
export interface VideoEncoding {
  /** Bits a second. */
  readonly maxBitrate: number;
  /** Divides width and height; 1 or more. */
  readonly scaleResolutionDownBy: number;
}

/** A picture of 640 x 360: what everybody sends in a call of up to four. */
export const FULL_VIDEO: VideoEncoding = { maxBitrate: 600_000, scaleResolutionDownBy: 1 };

/** A screen: text has to stay sharp, so it is not scaled down, however many people there are. */
export const SCREEN_VIDEO: VideoEncoding = { maxBitrate: 1_500_000, scaleResolutionDownBy: 1 };

/**
 * By number of people up to which it holds. Everybody gets everybody else's picture. At the full size, twelve would each
 * receive 6.6 Mbit/s and decode 11 pictures, and the server would send 79 Mbit/s. So layers are such that up to 31 people
 * nobody receives more bits or decodes more pixels a second than in a call of four, where it is 1.8 Mbit/s; tiles
 * are smaller then, too. One layer is sent and not several at once (simulcast): frames are encrypted for everybody alike, all
 * tiles are of one size, and encoding several costs each device more than the one that is shown.
 */
const LAYERS: readonly (readonly [people: number, VideoEncoding])[] = [
  [4, FULL_VIDEO],
  [7, { maxBitrate: 300_000, scaleResolutionDownBy: 1.5 }],
  [12, { maxBitrate: 160_000, scaleResolutionDownBy: 2 }],
];
const SMALLEST: VideoEncoding = { maxBitrate: 60_000, scaleResolutionDownBy: 4 };

/** What each camera sends in a call of so many people, oneself included. */
export const cameraEncoding = (people: number): VideoEncoding =>
  LAYERS.find(([upTo]) => people <= upTo)?.[1] ?? SMALLEST;
