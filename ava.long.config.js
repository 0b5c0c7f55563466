import base from './ava.cluster.config.js';

const {sortTestFiles, ...rest} = base;

const config = {...rest, files: ['test/cluster/long/**/*.test.ts']};

export default config;
