/** What people read of a name that something is wrong with. Pure. */
import type { NameWarning } from './nameRule.ts';

const WHY =
  'That is what a reload looks like where the code is not kept, and what somebody looks like who took the name. Ask them, or compare person codes.';

/** @param own it is the name of who reads. */
export function nameWarningText({ flaw, seen }: NameWarning, name: string, own: boolean): string {
  const where = seen === 'earlier call' ? 'in an earlier call' : 'earlier in this call';
  switch (flaw) {
    case 'shared':
      return own
        ? `Somebody else in this call has your name, ${name}, and not your person code.`
        : `More than one in this call has the name ${name}, and not the same person code. Do not take one for the other.`;
    case 'other key':
      return `${name} had another person code ${where}. ${WHY}`;
    case 'proof gone':
      return `${name} had a person code ${where}, and now nothing vouches for the name. ${WHY}`;
    case 'unproven':
      return 'Nothing vouches for this name: whoever has the link can write any.';
  }
}
