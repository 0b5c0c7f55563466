import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {exitStatus, Stopped} from '../../../src/run/errors.ts';
import {loginOf} from '../../../src/run/login.ts';

const withFile = async (text: string): Promise<string | undefined> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'login-'));
	const mysqlPasswordFile = path.join(folder, 'password');
	try {
		await writeFile(mysqlPasswordFile, text);
		const login = await loginOf({mysqlUser: 'root', mysqlPasswordFile});
		return login?.password;
	} finally {
		await rm(folder, {recursive: true});
	}
};

test('a password is the file\'s text without the line\'s end that an editor leaves, and with every other space', async t => {
	t.is(await withFile(' a\tb \n'), ' a\tb ');
	t.is(await withFile('a\r\n'), 'a');
	t.is(await withFile('a\n\n'), 'a\n');
	t.is(await withFile('a'), 'a');
});

test('without an account there is no login, and without a file no password', async t => {
	t.is(await loginOf({}), undefined);
	t.deepEqual(await loginOf({mysqlUser: 'root'}), {user: 'root'});
});

test('a file that cannot be read is an error of usage', async t => {
	const error = await t.throwsAsync(loginOf({mysqlUser: 'root', mysqlPasswordFile: '/nonexistent/password'}), {instanceOf: Stopped});
	t.is(error.status, exitStatus.usage);
});
