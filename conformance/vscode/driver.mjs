// Drives the real VS Code server: starts it in an environment that a job gives, opens it in one headless browser that
// all jobs share, answers its dialogs, waits for what the probe extension writes, and ends every process it began.
//
// Jobs come as JSON, one a line on standard input; answers go the same way to standard output. Not here: what a job
// is made of, and what its records mean.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import fs from 'node:fs';
import readline from 'node:readline';

const [, , modules, chromium, scratch] = process.argv;
const { chromium: browsers } = createRequire(`${modules}/`)('playwright-core');

let browser;
const servers = new Map();

const JOBS = {
	// {id, program, arguments, environment: [[name, value]…], cwd, log} → {pid, port}
	async start(job) {
		const log = fs.openSync(job.log, 'w');
		const child = spawn(job.program, job.arguments, {
			cwd: job.cwd, env: Object.fromEntries(job.environment), detached: true, stdio: ['ignore', log, log],
		});
		fs.closeSync(log);
		const until = Date.now() + (job.limit_ms || 60000);
		for (;;) {
			const found = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(fs.readFileSync(job.log, 'utf8'));
			if (found) {
				servers.set(job.id, { child, port: +found[1], marks: job.marks });
				return { pid: child.pid, port: +found[1] };
			}
			if (child.exitCode !== null || Date.now() > until) {
				throw new Error(`the server did not listen: ${fs.readFileSync(job.log, 'utf8').slice(-2000)}`);
			}
			await pause(50);
		}
	},
	// {id, path, ready, trust, keep} → {dialogs}
	async open(job) {
		const server = servers.get(job.id);
		server.context = server.context || (await take());
		const page = await server.context.newPage();
		const dialogs = [];
		if (job.console) {
			page.on('console', (m) => fs.appendFileSync(job.console, m.text() + '\n'));
		}
		try {
			await page.goto(`http://127.0.0.1:${server.port}${job.path}`, { waitUntil: 'commit' });
			const until = Date.now() + (job.limit_ms || 120000);
			while (!fs.existsSync(job.ready)) {
				if (Date.now() > until) {
					await page.screenshot({ path: `${job.ready}.png` }).catch(() => {});
					throw new Error(`no ${job.ready}; dialogs: ${JSON.stringify(dialogs)}`);
				}
				await answer(page, job, dialogs);
				await pause(150);
			}
			if (job.processes) {
				fs.writeFileSync(job.processes, JSON.stringify(below(server).map(described), null, '\t'));
			}
			return { dialogs };
		} finally {
			await page.close().catch(() => {});
		}
	},
	// {file, key, value}: a database as an app on the desktop keeps one for a workspace.
	async store(job) {
		const { DatabaseSync } = await import('node:sqlite');
		const database = new DatabaseSync(job.file);
		database.exec('CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)');
		database.prepare('INSERT INTO ItemTable VALUES (?, ?)').run(job.key, JSON.stringify(job.value));
		database.close();
		return {};
	},
	async stop(job) {
		const server = servers.get(job.id);
		servers.delete(job.id);
		if (server) {
			await give(server);
			end(server);
		}
		return {};
	},
};

async function fresh() {
	browser = browser || (await browsers.launch({
		executablePath: chromium,
		args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
			'--disable-sync', '--no-first-run', '--mute-audio', '--disable-extensions', '--disable-dev-shm-usage'],
		env: { ...process.env, HOME: scratch },
	}));
	return browser.newContext({ viewport: { width: 900, height: 600 } });
}

// The editor's own code is cached by address, so a context is used again by the next server at its port, without what the
// editor stored in it.
const idle = [];

async function take() {
	return idle.pop() || fresh();
}

async function give(server) {
	if (!server.context) {
		return;
	}
	const page = await server.context.newPage();
	const talk = await server.context.newCDPSession(page);
	await talk.send('Storage.clearDataForOrigin', {
		origin: `http://127.0.0.1:${server.port}`,
		storageTypes: 'cookies,file_systems,indexeddb,local_storage,websql,service_workers,interest_groups',
	});
	await page.close();
	idle.push(server.context);
}

// A modal dialog stops what waits behind it. The one about trust is answered as the job says, any other is dismissed.
async function answer(page, job, dialogs) {
	const seen = await page.evaluate(({ yes }) => {
		const box = document.querySelector('.monaco-dialog-box');
		if (!box) {
			return null;
		}
		const text = box.innerText;
		const buttons = [...box.querySelectorAll('.monaco-button')].filter((b) => b.innerText.trim() !== '');
		const trust = /trust/i.test(text);
		const wanted = trust ? (yes ? /^(yes|trust)/i : /^(no|cancel)/i) : /^(cancel|close|no|ok|debug anyway)/i;
		const button = buttons.find((b) => wanted.test(b.innerText.trim())) || buttons[0];
		button?.click();
		return { text, pressed: button?.innerText };
	}, { yes: job.trust !== false }).catch(() => null);
	if (seen) {
		dialogs.push(seen);
	}
}

// A terminal's shell has a session of its own, so the group of the server is not all: its descendants are, and what
// lost its parent but still has one of the job's folders in its environment.
function below(server) {
	const parents = new Map();
	const found = new Set([server.child.pid]);
	for (const pid of fs.readdirSync('/proc').filter((n) => /^\d+$/.test(n)).map(Number)) {
		try {
			const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
			parents.set(pid, +stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
			const environment = fs.readFileSync(`/proc/${pid}/environ`, 'latin1');
			if (pid !== process.pid && (server.marks || []).some((m) => environment.includes(`${m}/`))) {
				found.add(pid);
			}
		} catch { /* it has ended, or is not ours */ }
	}
	for (let grown = true; grown;) {
		grown = false;
		for (const [pid, parent] of parents) {
			if (found.has(parent) && !found.has(pid)) {
				found.add(pid);
				grown = true;
			}
		}
	}
	return [...found];
}

function described(pid) {
	const read = (name) => {
		try {
			return fs.readFileSync(`/proc/${pid}/${name}`, 'utf8').split('\0').slice(0, -1);
		} catch {
			return [];
		}
	};
	return { pid, arguments: read('cmdline'), environment: read('environ').sort() };
}

function end(server) {
	for (const pid of below(server)) {
		try {
			process.kill(pid, 'SIGKILL');
		} catch { /* it has ended */ }
	}
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

for await (const line of readline.createInterface({ input: process.stdin })) {
	if (!line.trim()) {
		continue;
	}
	const job = JSON.parse(line);
	Promise.resolve()
		.then(() => JOBS[job.job](job))
		.then((given) => ({ ok: true, ...given }), (error) => ({ ok: false, error: String(error.message || error) }))
		.then((given) => process.stdout.write(JSON.stringify({ number: job.number, ...given }) + '\n'));
}
for (const server of servers.values()) {
	end(server);
}
await browser?.close().catch(() => {});
process.exit(0);
