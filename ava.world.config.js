import base from './ava.config.js';

// Rotations that are killed at each of their writes in a world in memory: apart, since the other unit tests have to be quick.
const config = {...base, files: ['test/world/**/*.test.ts']};

export default config;
