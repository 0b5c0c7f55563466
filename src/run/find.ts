import {componentsOf, inDocumentOrder, mysqlComponents} from '../cluster/components.ts';
import type {Cluster} from '../cluster/types.ts';
import {type Access, findClusters} from '../observe/cluster.ts';
import {refused, usage} from './errors.ts';
import {checkNames} from './names.ts';

/**
The TidbCluster that is meant: by its name, in the namespace or in all of them; with `mysql`, that side of it.
@throws Stopped when there is none, or when two namespaces have one.
*/
export const findCluster = async (access: Access, name: string, {namespace, mysql = false}: {namespace?: string; mysql?: boolean} = {}): Promise<Cluster> => {
	checkNames(name, namespace);
	const found = await findClusters(access, name, namespace);
	const where = namespace === undefined ? 'in any namespace that this kubeconfig may read' : `in namespace ${namespace}`;
	if (found.length === 0) {
		throw usage(`there is no TidbCluster ${name} ${where}`, 'kubectl get tidbclusters -A lists them');
	}

	if (found.length > 1) {
		throw usage(`TidbCluster ${name} exists in ${found.length} namespaces: ${found.map(object => object.metadata.namespace).toSorted().join(', ')}`, 'choose one with --namespace');
	}

	const [object] = found;
	if (object!.apiVersion !== 'pingcap.com/v1alpha1') {
		throw refused(`TidbCluster ${name} is ${object!.apiVersion}: only Operator v1 (pingcap.com/v1alpha1) is known to this tool`);
	}

	const cluster = {name, namespace: object!.metadata.namespace};
	return mysql ? {...cluster, components: [...mysqlComponents], side: 'mysql'} : {...cluster, components: inDocumentOrder(componentsOf(object!.spec ?? {}))};
};
