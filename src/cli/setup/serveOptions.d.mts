/** The options of `npm start`, as `readOptions` wants them. */
export const serveOptions: { readonly flags: readonly string[]; readonly values: readonly string[] };
