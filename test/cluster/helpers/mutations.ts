import type {Mutation} from './mutation.ts';
import {bundles} from './mutations/bundles.ts';
import {files} from './mutations/files.ts';
import {leaves} from './mutations/leaves.ts';
import {logs} from './mutations/logs.ts';
import {objects} from './mutations/objects.ts';
import {processes} from './mutations/processes.ts';

/** Every defect, one at a time. */
export const mutations: Mutation[] = [...logs, ...leaves, ...bundles, ...processes, ...files, ...objects];
