/**
 * A strict reading of a page's SDP offer (RFC 8866, RFC 8829), before the WebRTC stack sees it: only the shape
 * that our own page makes gets through, and only the lines that the server means to negotiate.
 */
import { type MediaKind } from '../../media/connection/messages.ts';
import { agree, type PayloadTypes, readFormats } from './formats.ts';

/** One media section of an accepted offer. */
export interface OfferedSection {
  readonly mid: string;
  readonly kind: MediaKind;
  /** `send`: the page's microphone or camera; `receive`: a slot. */
  readonly direction: 'send' | 'receive';
  readonly payloadTypes: PayloadTypes;
}

/** What an accepted offer says, and the reduced SDP for the WebRTC stack. */
export interface AcceptedOffer {
  readonly sections: readonly OfferedSection[];
  /** ICE user name fragment and password, DTLS fingerprints: they must stay the same in later offers. */
  readonly transport: string;
  readonly sdp: string;
}

/** Why an offer is refused; for tests and logs, it holds nothing of the SDP. */
export type OfferRefusal =
  | 'control_character'
  | 'no_section'
  | 'section_kind'
  | 'section_count'
  | 'section_order'
  | 'section_changed'
  | 'mid'
  | 'direction'
  | 'bundle'
  | 'transport'
  | 'transport_changed'
  | 'ssrc'
  | 'simulcast'
  | 'codec'
  | 'payload_type';

export type OfferCheck = { readonly offer: AcceptedOffer } | { readonly refusal: OfferRefusal };

const DIRECTIONS = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/**
 * Lines that are left out. Candidates: the server is ICE-lite (RFC 8445 section 2.5) and learns the page's
 * address from its checks, so no name is looked up and nothing is sent first. Header extensions, transport-cc
 * and FIR are not negotiated: key frames are asked for by PLI, losses by NACK.
 */
const LEFT_OUT =
  /^a=(?:candidate:|end-of-candidates|extmap:|extmap-allow-mixed|rtcp-fb:\S+ (?:transport-cc|ccm fir))/;

const values = (lines: readonly string[], name: string): string[] =>
  lines.filter((line) => line.startsWith(`a=${name}:`)).map((line) => line.slice(name.length + 3).trim());

/** What the session says holds for each section (RFC 8839 section 5.4, RFC 8122 section 5); Firefox has its fingerprint there. */
function transportOf(session: readonly string[], lines: readonly string[]): string {
  const all = [...session, ...lines];
  const parts = [values(all, 'ice-ufrag'), values(all, 'ice-pwd'), values(all, 'fingerprint')];
  return parts.map((part) => part.join(',')).join(' ');
}

interface ReadSection {
  readonly section: OfferedSection;
  /** Without the lines of formats that are not negotiated. */
  readonly kept: readonly string[];
}

function readSection(lines: readonly string[], index: number): ReadSection | OfferRefusal {
  const media = /^m=(audio|video) (\d{1,5}) UDP\/TLS\/RTP\/SAVPF [\d ]{1,200}$/.exec(lines[0] ?? '');
  // Port 0 rejects a section, unless it is one that only the bundle carries (RFC 9143 section 6).
  const bundleOnly = index > 0 && lines.includes('a=bundle-only');
  if (media === null || (media[2] === '0') !== bundleOnly) return 'section_kind';
  const kind: MediaKind = media[1] === 'audio' ? 'audio' : 'video';
  const mids = values(lines, 'mid');
  const mid = mids[0];
  if (mids.length !== 1 || mid === undefined || !/^[A-Za-z0-9+/_-]{1,16}$/.test(mid)) return 'mid';
  const directions = DIRECTIONS.filter((direction) => lines.includes(`a=${direction}`));
  const sends = index < 2;
  if (sends && kind !== (index === 0 ? 'audio' : 'video')) return 'section_order';
  if (directions.length !== 1 || directions[0] !== (sends ? 'sendonly' : 'recvonly')) return 'direction';
  const ssrcs = new Set(values(lines, 'ssrc').map((value) => value.split(' ')[0]));
  // In a slot it is what a browser reports by (RTCP); Firefox names it.
  if (
    ssrcs.size < Number(sends) ||
    ssrcs.size > 2 ||
    ![...ssrcs].every((ssrc) => /^[1-9]\d{0,9}$/.test(ssrc ?? ''))
  )
    return 'ssrc';
  if (values(lines, 'simulcast').length > 0 || values(lines, 'rid').length > 0) return 'simulcast';
  const formats = readFormats(lines, kind);
  if (formats === null) return 'codec';
  const { payloadTypes } = formats;
  const kept = formats.kept
    .map((line) => line.replace(/^(m=\w+) 0 /, '$1 9 '))
    .filter((line) => line !== 'a=bundle-only' && (sends || !/^a=ssrc(?:-group)?:/.test(line)));
  return { section: { mid, kind, direction: sends ? 'send' : 'receive', payloadTypes }, kept };
}

/**
 * Checks an offer.
 *
 * @param sdp the page's SDP; its length is checked by the caller
 * @param slots how many slots of each kind the page may have
 * @param previous the last accepted offer of this connection: its sections must come first, unchanged
 */
export function checkOffer(sdp: string, slots: number, previous: AcceptedOffer | null): OfferCheck {
  if (/[^\x20-\x7e\r\n]/.test(sdp)) return { refusal: 'control_character' };
  const lines = sdp.split(/\r\n|\n/).filter((line) => line !== '');
  const starts = lines.flatMap((line, index) => (line.startsWith('m=') ? [index] : []));
  const first = starts[0];
  if (first === undefined) return { refusal: 'no_section' };
  if (starts.length > 2 + 2 * slots) return { refusal: 'section_count' };
  const session = lines.slice(0, first);

  const sections: OfferedSection[] = [];
  const kept = [...session];
  let transport: string | null = null;
  for (const [index, start] of starts.entries()) {
    const own = lines.slice(start, starts[index + 1] ?? lines.length);
    const read = readSection(own, index);
    if (typeof read === 'string') return { refusal: read };
    const ownTransport = transportOf(session, own);
    transport ??= ownTransport;
    if (!/^\S{4,256} \S{22,256} (?!$)/.test(ownTransport)) return { refusal: 'transport' };
    if (ownTransport !== transport) return { refusal: 'transport' };
    const { payloadTypes } = read.section;
    if (!sections.every((section) => agree(section.payloadTypes, payloadTypes)))
      return { refusal: 'payload_type' };
    sections.push(read.section);
    kept.push(...read.kept);
  }
  if (transport === null || sections.length < 2) return { refusal: 'section_order' };
  if (new Set(sections.map(({ mid }) => mid)).size !== sections.length) return { refusal: 'mid' };
  for (const kind of ['audio', 'video']) {
    const count = sections.filter((section) => section.kind === kind).length;
    if (count > 1 + slots) return { refusal: 'section_count' };
  }
  const bundle = values(session, 'group');
  if (bundle.length !== 1 || bundle[0] !== `BUNDLE ${sections.map(({ mid }) => mid).join(' ')}`)
    return { refusal: 'bundle' };
  if (previous !== null) {
    if (previous.transport !== transport) return { refusal: 'transport_changed' };
    const same = previous.sections.every((section, index) => {
      const now = sections[index];
      return now !== undefined && now.mid === section.mid && now.kind === section.kind;
    });
    if (!same) return { refusal: 'section_changed' };
    const formats = previous.sections.every((before) =>
      sections.every((now) => agree(before.payloadTypes, now.payloadTypes)),
    );
    if (!formats) return { refusal: 'payload_type' };
  }
  const reduced = kept.filter((line) => !LEFT_OUT.test(line));
  return { offer: { sections, transport, sdp: reduced.join('\r\n') + '\r\n' } };
}
