import type { MlsGroup } from '../../src/mls/MlsGroup.ts';

/** An MLS group that does some things another way. Everything else it does as it is. */
function altered(mls: MlsGroup, changes: Partial<MlsGroup>): MlsGroup {
  return new Proxy(mls, {
    get(target, name): unknown {
      if (name in changes) return changes[name as keyof MlsGroup];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Makes its commit current when it is made, and not when it is read back: the rule Ordered broken in the core. */
export const mergesEarly = (mls: MlsGroup): MlsGroup => {
  let early = false;
  return altered(mls, {
    commit: (...what) => {
      const made = mls.commit(...what);
      mls.merge();
      early = true;
      return made;
    },
    merge: () => {
      if (!early) mls.merge();
      early = false;
    },
  });
};

/** Exports its media keys under another label than RFC 9605 names. */
export const exportsOtherwise = (mls: MlsGroup): MlsGroup =>
  altered(mls, { exportSecret: (label, context, length) => mls.exportSecret(`${label}s`, context, length) });

/** Never removes anybody, and thinks nothing of it where others do not: whoever left stays in the group. */
export const removesNobody = (mls: MlsGroup): MlsGroup =>
  altered(mls, {
    commit: (adds, _, ...rest) => mls.commit(adds, [], ...rest),
    process: (commit, expected) => mls.process(commit, { ...expected, removes: [] }),
  });

/** Refuses every commit of somebody else. */
export const refusesCommits = (mls: MlsGroup): MlsGroup =>
  altered(mls, { process: (commit, expected) => mls.process(commit.slice(1), expected) });
