import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {execa} from 'execa';
import which from 'which';

type Answer = {id?: number; sessionId?: string; method?: string; params?: {request?: {url: string}}; result?: unknown; error?: {message: string}};

type View = {width: number; height?: number; scheme?: 'light' | 'dark'; media?: 'screen' | 'print'};

/** A page that a browser shows. */
type Shown = {
	/** The value of an expression in the page. */
	evaluate: <Value>(expression: string) => Promise<Value>;
	/** The whole page, not only what is seen of it, as PNG in base64. */
	picture: () => Promise<string>;
	/** Every address that was asked for, but `data:`. */
	requests: string[];
};

export type Browser = {show: (url: string, view: View) => Promise<Shown>; close: () => Promise<void>};

/** A connection by which a browser takes commands: Chrome DevTools Protocol. */
const connect = async (address: string) => {
	const socket = new WebSocket(address);
	await new Promise((resolve, reject) => {
		socket.addEventListener('open', resolve, {once: true});
		socket.addEventListener('error', reject, {once: true});
	});
	const waiting = new Map<number, (answer: Answer) => void>();
	const listeners = new Set<(event: Answer) => void>();
	socket.addEventListener('message', ({data}) => {
		const answer = JSON.parse(String(data)) as Answer;
		if (answer.id === undefined) {
			for (const listen of listeners) {
				listen(answer);
			}
		} else {
			waiting.get(answer.id)?.(answer);
		}
	});
	let last = 0;
	return {
		listeners,
		async send<Result>(method: string, parameters: Record<string, unknown> = {}, sessionId?: string): Promise<Result> {
			const id = ++last;
			const {promise, resolve} = Promise.withResolvers<Answer>();
			waiting.set(id, resolve);
			socket.send(JSON.stringify({
				id, method, params: parameters, ...(sessionId !== undefined && {sessionId}),
			}));
			const {result, error} = await promise;
			waiting.delete(id);
			if (error) {
				throw new Error(`${method}: ${error.message}`);
			}

			return result as Result;
		},
		close() {
			socket.close();
		},
	};
};

type Connection = Awaited<ReturnType<typeof connect>>;

const showIn = async ({send, listeners}: Connection, url: string, {width, height = 900, scheme = 'light', media = 'screen'}: View): Promise<Shown> => {
	const {targetId} = await send<{targetId: string}>('Target.createTarget', {url: 'about:blank'});
	const {sessionId} = await send<{sessionId: string}>('Target.attachToTarget', {targetId, flatten: true});
	const requests: string[] = [];
	const loaded = Promise.withResolvers<void>();
	listeners.add(({sessionId: of, method, params}) => {
		if (of !== sessionId) {
			return;
		}

		if (method === 'Network.requestWillBeSent' && !params!.request!.url.startsWith('data:')) {
			requests.push(params!.request!.url);
		}

		if (method === 'Page.loadEventFired') {
			loaded.resolve();
		}
	});
	await send('Network.enable', {}, sessionId);
	await send('Page.enable', {}, sessionId);
	await send('Emulation.setDeviceMetricsOverride', {
		width, height, deviceScaleFactor: 1, mobile: false,
	}, sessionId);
	await send('Emulation.setScrollbarsHidden', {hidden: true}, sessionId);
	await send('Emulation.setEmulatedMedia', {media, features: [{name: 'prefers-color-scheme', value: scheme}]}, sessionId);
	await send('Page.navigate', {url}, sessionId);
	await loaded.promise;
	return {
		async evaluate<Value>(expression: string) {
			const {result} = await send<{result: {value: Value}}>('Runtime.evaluate', {expression, returnByValue: true}, sessionId);
			return result.value;
		},
		async picture() {
			const {data} = await send<{data: string}>('Page.captureScreenshot', {captureBeyondViewport: true}, sessionId);
			return data;
		},
		requests,
	};
};

/** The names under which Chromium is installed. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser's path; undefined where none is installed. */
export const findBrowser = async (): Promise<string | undefined> => {
	const found = await Promise.all(names.map(async name => which(name, {nothrow: true})));
	return found.find(file => file !== null);
};

/** Starts Chromium without a window, with a profile of its own. */
export const openBrowser = async (file: string): Promise<Browser> => {
	const profile = await mkdtemp(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking'];
	const child = execa(file, [
		...flags, `--user-data-dir=${profile}`, '--remote-debugging-port=0', 'about:blank',
	], {stdin: 'ignore', reject: false, buffer: false});
	const {promise, resolve, reject} = Promise.withResolvers<string>();
	createInterface({input: child.stderr}).on('line', line => {
		const {address} = /^DevTools listening on (?<address>\S+)$/v.exec(line)?.groups ?? {};
		if (address !== undefined) {
			resolve(address);
		}
	}).on('close', () => {
		reject(new Error(`${file} ended before it could be asked`));
	});
	const connection = await connect(await promise);
	return {
		show: async (url, view) => showIn(connection, url, view),
		async close() {
			await connection.send('Browser.close').catch(() => undefined);
			connection.close();
			await child;
			await rm(profile, {recursive: true, force: true, maxRetries: 5});
		},
	};
};
