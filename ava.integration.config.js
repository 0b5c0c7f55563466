import base from './ava.config.js';

// Those that start a program or a server of their own, but no cluster.
const config = {...base, files: ['test/integration/**/*.test.ts']};

export default config;
