import {components} from '../cluster/components.ts';
import {spellDuration} from '../cluster/duration.ts';
import {isAboutIssuance, type IssuanceCondition} from '../plan/issuance-condition.ts';
import type {Condition, Statement} from '../plan/types.ts';

const sayOfOthers = ({ca, old, leaves, whose, handled}: Extract<Condition, {is: 'consumers'}>): string => [
	whose === 'person' ? 'whatever a person looks after' : 'every Secret and ConfigMap',
	` beside the cluster's own that holds ${old} holds ${ca} too`,
	...(leaves ? [`, and no leaf of ${old}`] : []),
	...(handled.length > 0 ? [` (seen to: ${handled.join(', ')})`] : []),
].join('');

/** What a condition says of cert-manager's objects and Secrets. */
const sayOfCertManager = (condition: IssuanceCondition, names: string): string => {
	switch (condition.is) {
		case 'ready': {
			return `${condition.kind} ${condition.name} is Ready, and nothing is being issued for it`;
		}

		case 'gone': {
			return `there is no ${condition.kind} ${condition.names.join(', ')}`;
		}

		case 'recorded': {
			return `the folder has the Certificates ${condition.certificates.join(', ')} as they can be made again`;
		}

		case 'unowned': {
			return `no object owns the Secrets ${condition.secrets.join(', ')}`;
		}

		case 'issued': {
			return `Secret ${condition.secret} holds a leaf of ${condition.by}, and its key fits`;
		}

		case 'alike': {
			return `Secret ${condition.secret} holds the leaf of Secret ${condition.as}`;
		}

		case 'anew': {
			return `cert-manager has issued the leaf of ${names} anew, by the CA in Secret ${condition.signer}`;
		}

		case 'ca-secret': {
			return `Secret ${condition.secret} holds ${condition.another ? 'another CA than' : 'the CA in'} ${condition.file}`;
		}

		case 'other': {
			return `Secret ${condition.secret} has ${condition.bundle}, and a leaf that ${condition.by} verifies`;
		}
	}
};

const byHow = (strict: boolean): string => strict ? ', by handshake alone' : '';

/** What a condition says of components, `names` being their words: `pd`, or `pd, tikv and tidb`. */
const say = (condition: Condition, names: string): string => {
	if (isAboutIssuance(condition)) {
		return sayOfCertManager(condition, names);
	}

	switch (condition.is) {
		case 'backup': {
			return 'the newest backup has every certificate of the folder';
		}

		case 'restored': {
			return `the folder has ${condition.files.join(', ')} as in backups/${condition.backup}`;
		}

		case 'folder': {
			return `${condition.file} is ${condition.of.join(' and ')}`;
		}

		case 'absent': {
			return `the folder no longer has ${condition.files.join(', ')}`;
		}

		case 'signed': {
			return `in the folder, the leaf of ${names} is signed by ${condition.by} and its key fits`;
		}

		case 'renewed': {
			return 'the leaves in the folder are not those in the Secrets any more';
		}

		case 'kept': {
			return `the Secret of ${names} has the leaf and key of the folder`;
		}

		case 'secret': {
			return `the Secret of ${names} has ${condition.bundle}${condition.leaf ? ', and the leaf and key of the folder' : ''}`;
		}

		case 'successor': {
			return `${condition.file} is the CA of the Secrets made anew: its key, subject and key identifier, and no earlier end`;
		}

		case 'verifies': {
			return `the leaf in the Secret of ${names} verifies against ${condition.by}`;
		}

		case 'stamped': {
			return `the cluster's object asks for ${names} pods with ${condition.bundle} and the folder's leaf`;
		}

		case 'rolled': {
			return `every ${names} pod was made for ${condition.bundle} and the folder's leaf, and the roll is over`;
		}

		case 'reloaded': {
			return `every ${names} pod is Ready and has read ${condition.bundle} and the folder's leaf again`;
		}

		case 'deployed': {
			return `discovery was made for ${condition.bundle}, and the pod before it is gone`;
		}

		case 'recreated': {
			return `every ${names} pod was made again and is Ready`;
		}

		case 'trusts': {
			return `every ${names} pod accepts a throwaway leaf of the new CA, and none of a CA that nobody trusts${byHow(condition.strict)}`;
		}

		case 'serves': {
			const how = condition.wakes ? ' (one that does not is made to refuse a connection: some ports read their files anew only then)' : '';
			return `every ${names} pod serves the leaf of its Secret and accepts the present client certificate${how}`;
		}

		case 'rejects-old': {
			return `every ${names} pod accepts the new client certificate and rejects the old one${byHow(condition.strict)}`;
		}

		case 'consumers': {
			return sayOfOthers(condition);
		}

		case 'answered': {
			return `a person answers for ${condition.who}: ${condition.needs} (--i-have-handled)`;
		}

		case 'trusts-old': {
			return `every ${names} pod accepts a leaf of the old CA, and none of a CA that nobody trusts`;
		}

		case 'rejects-new': {
			return `every ${names} pod accepts the old client certificate and rejects a leaf of the new CA`;
		}

		case 'loads': {
			return `every ${names} pod was started with the CA certificate of its Secret, serves a leaf that it verifies, and accepts the present client certificate`;
		}
	}
};

/** A condition in words, for a person. */
export const words = (condition: Condition): string => say(condition, 'component' in condition ? condition.component : '');

const together = new Intl.ListFormat('en-GB', {type: 'conjunction'});

/** The same for many conditions, in their order: those that differ in the component only are said once. */
export const groupedWords = (conditions: Condition[]): string[] => {
	const groups = Map.groupBy(conditions, condition => JSON.stringify({...condition, component: ''}));
	return groups.values().map(group => {
		const names = group.flatMap(condition => 'component' in condition ? [condition.component] : []);
		return say(group[0]!, together.format(names));
	}).toArray();
};

/** What is asked for between two phases. */
export const stability = (milliseconds: number): string => `the cluster has been stable for ${spellDuration(milliseconds)}, from now on: no pod restarted, all Ready, no PD leader moved`;

/** A statement that pods are asked for, in words: `SQL on each tidb pod: ALTER INSTANCE RELOAD TLS`. */
export const sqlWords = ({text, component}: Statement): string => `SQL on each ${components[component].workload!} pod: ${text}`;
