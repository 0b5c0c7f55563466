import {components, inDocumentOrder} from './components.ts';
import {renderFile} from './templates.ts';
import type {ComponentName} from './types.ts';

/** The documents' file of a cluster's CA and issuers, and those of its components' Certificates. */
const files = (names: readonly ComponentName[]): string[] => ['tidb-cluster-issuer', ...inDocumentOrder(names).map(name => components[name].file)];

/**
The objects from which cert-manager issues a cluster's certificates, as the documents have them, in the order in which they can be applied:
the self-signed Issuer, the CA's Certificate, the Issuer of that CA, and a Certificate for each of the components, in the documents' order
whatever that of `names` is. It is YAML for `kubectl apply`, one document an object.
*/
export const certificateObjects = (cluster: {name: string; namespace: string}, names: readonly ComponentName[]): string =>
	files(names).map(file => renderFile(`cert-manager/${file}.yaml`, cluster)).join('---\n');
