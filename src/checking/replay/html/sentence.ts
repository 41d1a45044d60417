import { isLie } from '../actions.ts';
import type { ReplayRow } from '../result.ts';

/** What happens at a step, as people say it. `entry` is what was appended or read. */
export function sentenceOf(
  { action, participant: p }: ReplayRow,
  entry: string | null,
  sent: string,
): string {
  switch (action) {
    case 'Join':
      return `${p} joins`;
    case 'AppendEntry':
      return `the service appends: ${entry ?? ''}`;
    case 'DeclareGone':
      return `the service declares ${p} gone`;
    case 'Void':
      return 'the service appends an entry that does not verify';
    case 'Lose':
      return `${p} loses its connection, and what it had sent`;
    case 'Found':
      return `${p} starts a group`;
    case 'Commit':
      return `${p} drafts a commit${sent === '' ? '' : `: ${sent}`}`;
    case 'HandOver':
      return `${p} hands the role over`;
    case 'Claim':
      return `${p} claims${sent === '' ? '' : `: ${sent}`}`;
    case 'Resend':
      return `${p} sends its draft again`;
    case 'Read':
      return `${p} reads: ${entry ?? ''}`;
    case 'Leave':
      return `${p} leaves`;
    case 'Crash':
      return `${p} crashes`;
    case 'Enter':
      return `${p}, who follows no rule, joins`;
    case 'ForgeJoin':
      return `the service makes ${p} up, and says that it joins`;
    case 'Go':
      return `${p}, who follows no rule, goes`;
    case 'Pretend':
      return `${p} does as if it were honest: ${entry ?? ''}`;
    case 'ReadBadPayload':
      return `${p} reads, and its payload is not what the header says: ${entry ?? ''}`;
    case 'Duplicate':
      return `the service repeats: ${entry ?? ''}`;
    case 'Replay':
      return `the service takes from one log to the other: ${entry ?? ''}`;
    case 'Drop':
      return `the service drops what ${p} sent`;
    case 'ShowElsewhere':
      return `the service shows to others only what ${p} sent: ${entry ?? ''}`;
    case 'RewriteAuthor':
      return `the service puts another name on what ${p} sent`;
    case 'Reorder':
      return `the service appends first what ${p} sent second: ${entry ?? ''}`;
    case 'Delay':
      return `the service appends late: ${entry ?? ''}`;
    case 'ShowToSome':
      return `the service appends, and does not show to all: ${entry ?? ''}`;
    case 'ForgeLeave':
    case 'ForgeLeaveElsewhere':
      return `the service says that ${p} has left`;
    case 'Hang':
      return `${p} hangs`;
    case 'Thaw':
      return `${p} is back`;
    case 'Compromise':
      return `the adversary copies what ${p} holds`;
    default:
      if (isLie(action)) return `${p} lies (${action}): ${entry ?? ''}`;
      return p === '' ? action : `${action} (${p})`;
  }
}
