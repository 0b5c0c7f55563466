import {readFile} from 'node:fs/promises';
import type {Login} from '../observe/sql.ts';
import {usage} from './errors.ts';

/** Options of the commands that may speak with TiDB by SQL. */
export type LoginFlags = {
	mysql?: boolean;
	reload?: boolean;
	mysqlUser?: string;
	mysqlPasswordFile?: string;
};

/**
Checks them together.
@throws Stopped (usage) where one needs another.
*/
export const checkLoginUsage = ({mysql = false, reload = false, mysqlUser, mysqlPasswordFile}: LoginFlags): void => {
	if (!mysql && (reload || mysqlUser !== undefined || mysqlPasswordFile !== undefined)) {
		throw usage('--reload, --mysql-user and --mysql-password-file are about the certificates for MySQL clients: they need --mysql');
	}

	if (mysqlUser === undefined && (reload || mysqlPasswordFile !== undefined)) {
		throw usage(`${reload ? '--reload is an SQL statement (ALTER INSTANCE RELOAD TLS): it needs' : '--mysql-password-file needs'} --mysql-user`);
	}
};

/**
The account that is meant; undefined where none is. Only the line's end that an editor leaves is no part of the password.
@throws Stopped (usage) when the password's file cannot be read.
*/
export const loginOf = async ({mysqlUser, mysqlPasswordFile: file}: LoginFlags): Promise<Login | undefined> => {
	if (mysqlUser === undefined || file === undefined) {
		return mysqlUser === undefined ? undefined : {user: mysqlUser};
	}

	try {
		const text = await readFile(file, 'utf8');
		return {user: mysqlUser, password: text.replace(/\r?\n$/v, '')};
	} catch (error) {
		throw usage(`--mysql-password-file ${file} cannot be read: ${(error as Error).message}`);
	}
};

/** They as they were given, for the command that goes on. */
export const givenLogin = ({reload, mysqlUser, mysqlPasswordFile}: LoginFlags): Array<[flag: string, value: string | boolean | undefined]> => [
	['--reload', reload],
	['--mysql-user', mysqlUser],
	['--mysql-password-file', mysqlPasswordFile],
];
