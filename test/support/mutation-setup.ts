import fc from 'fast-check';

// For every mutant the tests run anew: the same cases each time, and of each property as many as a moment allows.
fc.configureGlobal({ seed: 20_260_302, interruptAfterTimeLimit: 25 });
