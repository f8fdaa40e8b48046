// Runs inside of the real VS Code server and writes down the environments that it gives: of the extension host, of
// terminals at their creation and after start-up, of tasks, and of debuggees. What it does is in plan.json beside it;
// what it saw goes to the folder that the plan names, one file of NUL-separated bytes a place, and `done` at the end.
//
// Not here: anything that decides what is right. No dependency but the editor's own API.
'use strict';
const fs = require('fs');
const path = require('path');
const { spawn } = require('child_process');
const vscode = require('vscode');

const COPY = '/bin/cp';
const OWN = '/proc/self/environ';

exports.activate = (context) => {
	const plan = JSON.parse(fs.readFileSync(path.join(context.extensionPath, 'plan.json'), 'utf8'));
	if (plan.collections_only) {
		return { collection: context.environmentVariableCollection };
	}
	run(context, plan)
		.catch((error) => report(plan, { step: 'run', error: String(error && error.stack || error) }))
		.finally(() => fs.writeFileSync(path.join(plan.out, 'done'), ''));
	return {};
};

exports.deactivate = () => {};

async function run(context, plan) {
	keep(plan, 'host.start', '/proc/self/environ');
	// `process.env` after the editor's own changes; UTF-8 as Node reads it.
	write(plan, 'host', Buffer.from(Object.entries(process.env).map(([k, v]) => `${k}=${v}\0`).join('')));
	await settled();
	await collections(context, plan);
	vscode.debug.registerDebugAdapterDescriptorFactory('probe', {
		createDebugAdapterDescriptor: () => new vscode.DebugAdapterInlineImplementation(new Adapter(plan)),
	});
	for (const step of plan.steps) {
		const started = Date.now();
		try {
			await within(step.limit_ms || 25000, STEPS[step.kind](plan, step));
		} catch (error) {
			report(plan, { step, error: String(error && error.message || error) });
		}
		report(plan, { step: step.id, ms: Date.now() - started });
	}
}

const STEPS = {
	// A terminal by the command that a user's click runs; its profile by name, or the default one.
	async terminal(plan, step) {
		const before = new Set(vscode.window.terminals);
		const opened = new Promise((resolve) => {
			const watch = vscode.window.onDidOpenTerminal((terminal) => {
				if (!before.has(terminal)) {
					watch.dispose();
					resolve(terminal);
				}
			});
		});
		if (step.options) {
			vscode.window.createTerminal(step.options);
		} else if (step.profile) {
			await vscode.commands.executeCommand('workbench.action.terminal.newWithProfile', { profileName: step.profile });
		} else if (step.cwd) {
			await vscode.commands.executeCommand('workbench.action.terminal.newWithCwd', { cwd: step.cwd });
		} else {
			await vscode.commands.executeCommand('workbench.action.terminal.new');
		}
		const terminal = await opened;
		const pid = await terminal.processId;
		await started(pid);
		keep(plan, `${step.id}.start`, `/proc/${pid}/environ`);
		fs.writeFileSync(file(plan, `${step.id}.command`), fs.readFileSync(`/proc/${pid}/cmdline`));
		const seen = file(plan, step.id);
		terminal.sendText(`${COPY} ${OWN} ${seen}.new && /bin/mv ${seen}.new ${seen}`);
		await appears(seen);
		terminal.dispose();
	},
	// Tasks write their own environment: their commands name the file.
	async task(plan, step) {
		const all = await vscode.tasks.fetchTasks();
		const task = all.find((t) => t.name === step.label);
		if (!task) {
			throw new Error(`no task ${step.label} among ${all.map((t) => t.name)}`);
		}
		const ended = new Promise((resolve) => {
			const watch = vscode.tasks.onDidEndTask((event) => {
				if (event.execution.task.name === step.label) {
					watch.dispose();
					resolve();
				}
			});
		});
		await vscode.tasks.executeTask(task);
		await ended;
		await appears(file(plan, step.id), 2000);
	},
	async debug(plan, step) {
		const folder = vscode.workspace.workspaceFolders[step.folder || 0];
		const started = await vscode.debug.startDebugging(folder, step.name);
		if (!started) {
			throw new Error('the session was not started');
		}
		await appears(file(plan, step.id));
	},
	async setting(plan, step) {
		await vscode.workspace.getConfiguration().update(step.key, step.value, vscode.ConfigurationTarget[step.target]);
	},
	// The value that the editor itself reads, at each level.
	async inspect(plan, step) {
		const resource = step.folder === undefined ? undefined : vscode.workspace.workspaceFolders[step.folder].uri;
		const of = vscode.workspace.getConfiguration(undefined, resource);
		const seen = Object.fromEntries(step.keys.map((key) => [key, { value: of.get(key), levels: of.inspect(key) }]));
		fs.writeFileSync(file(plan, step.id), JSON.stringify(seen, null, '\t'));
	},
	// Waits for what another extension does until a program has left its record.
	async wait(plan, step) {
		await appears(step.file, step.limit_ms || 25000);
	},
	async command(plan, step) {
		const given = await vscode.commands.executeCommand(step.command, ...(step.arguments || []));
		report(plan, { step: step.id, gave: String(given) });
	},
	async open(plan, step) {
		await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(step.file));
	},
	async sleep(plan, step) {
		await pause(step.ms);
	},
};

// A window that has just opened: terminals of its first seconds may lack what is not loaded yet, the default profile and
// the Git extension's variables among it. What is looked at is a window that somebody works in.
async function settled() {
	const git = vscode.extensions.getExtension('vscode.git');
	await within(10000, Promise.resolve(git && git.activate())).catch(() => {});
	await within(10000, Promise.resolve(vscode.tasks.fetchTasks())).catch(() => {});
	const first = vscode.window.createTerminal();
	await within(10000, Promise.resolve(first.processId)).catch(() => {});
	first.dispose();
	await pause(2500);
}

// Mutators in the order of the plan, by this extension (a) and its twin (b): the order of registration counts.
async function collections(context, plan) {
	const own = context.environmentVariableCollection;
	let other;
	for (const step of plan.collections || []) {
		let all = own;
		if (step.extension === 'b') {
			other = other || (await vscode.extensions.getExtension('gowhence.probe-b').activate());
			all = other.collection;
		}
		const at = step.folder === undefined
			? all : all.getScoped({ workspaceFolder: vscode.workspace.workspaceFolders[step.folder] });
		if (step.op === 'persistent') {
			all.persistent = step.value;
		} else if (step.op === 'clear') {
			at.clear();
		} else if (step.op === 'delete') {
			at.delete(step.variable);
		} else {
			at[step.op](step.variable, step.value, step.options);
		}
	}
	if ((plan.collections || []).length > 0) {
		await pause(500);
	}
}

// The least debug adapter: starts the "debuggee" in the way that the configuration asks for and ends.
class Adapter {
	constructor(plan) {
		this.plan = plan;
		this.seq = 0;
		this.emitter = new vscode.EventEmitter();
		this.onDidSendMessage = this.emitter.event;
	}
	send(message) {
		this.emitter.fire({ seq: ++this.seq, ...message });
	}
	handleMessage(message) {
		if (message.type === 'response') {
			if (message.command === 'runInTerminal') {
				this.end();
			}
			return;
		}
		this.send({ type: 'response', request_seq: message.seq, success: true, command: message.command, body: {} });
		if (message.command === 'initialize') {
			this.send({ type: 'event', event: 'initialized' });
		} else if (message.command === 'launch') {
			this.launch(message.arguments);
		}
	}
	launch(given) {
		fs.writeFileSync(file(this.plan, `${given.record}.launch`), JSON.stringify(given, null, '\t'));
		const seen = file(this.plan, given.record);
		const line = ['/bin/sh', '-c', `${COPY} ${OWN} ${seen}.new && /bin/mv ${seen}.new ${seen}`];
		// cp is what is looked at, so that no shell stands between: it copies its own, then the name must appear whole.
		if (given.console === 'integratedTerminal') {
			this.send({
				type: 'request', command: 'runInTerminal',
				arguments: { kind: 'integrated', title: given.name, cwd: '', args: [COPY, OWN, seen], env: given.env },
			});
		} else {
			spawn(line[0], line.slice(1), { env: { ...process.env, ...given.env }, stdio: 'ignore' })
				.on('close', () => this.end());
		}
	}
	end() {
		this.send({ type: 'event', event: 'terminated' });
	}
	dispose() {}
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const file = (plan, name) => path.join(plan.out, name.replace(/\//g, '%2F').replace(/ /g, '%20'));

function write(plan, name, bytes) {
	fs.writeFileSync(file(plan, name), bytes);
}

function keep(plan, name, from) {
	write(plan, name, fs.readFileSync(from));
}

function report(plan, line) {
	fs.appendFileSync(path.join(plan.out, 'log'), JSON.stringify(line) + '\n');
}

// Between fork and exec a terminal's process still is the pty host, with that one's environment.
async function started(pid) {
	for (let n = 0; n < 200 && fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=ptyHost'); n += 1) {
		await pause(5);
	}
}

async function appears(name, limit = 20000) {
	const until = Date.now() + limit;
	while (!fs.existsSync(name) || fs.statSync(name).size === 0) {
		if (Date.now() > until) {
			throw new Error(`${name} did not appear`);
		}
		await pause(50);
	}
	await pause(20);
}

function within(ms, work) {
	let timer;
	const late = new Promise((_, reject) => {
		timer = setTimeout(() => reject(new Error(`not done after ${ms} ms`)), ms);
	});
	return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
