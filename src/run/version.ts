import description from '../../package.json' with {type: 'json'};

/** This tool's version. */
export const {version} = description;
