import fc from 'fast-check';

// For every mutant the tests run anew: the same cases each time, and of each property a few.
fc.configureGlobal({ seed: 20_260_302, numRuns: 20 });
