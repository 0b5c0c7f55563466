import {readFileSync} from 'node:fs';
import {parse, parseAllDocuments} from 'yaml';
import {components, type Component} from '../../sandbox/operator/components.ts';
import type {ComponentName, StatefulSet, TidbCluster} from '../../sandbox/operator/types.ts';

const folder = new URL('../../sandbox/operator/recorded/', import.meta.url);

const read = (name: string): string => {
	const file = new URL(name, folder);
	return readFileSync(file, 'utf8');
};

/** A recorded object of the real tidb-operator v1.6.3. */
export const recorded = <T>(name: string): T => parse(read(name)) as T;

export const recordedCluster = (): TidbCluster => recorded('tc-basic.yaml');

export const recordedSet = (name: ComponentName): StatefulSet => recorded(`sts-basic-${name}.yaml`);

export const recordedServices = (): unknown[] =>
	parseAllDocuments(read('services.yaml')).map(document => document.toJS() as unknown);

export const component = (name: ComponentName): Component => components.find(one => one.name === name)!;
