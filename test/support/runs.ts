import fc from 'fast-check';

/** So many cases of a property, or as many as the set-up of the run allows. */
export const runs = (numRuns: number): { readonly numRuns: number } => ({
  numRuns: fc.readConfigureGlobal()?.numRuns ?? numRuns,
});
