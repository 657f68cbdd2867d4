// Two workers of Node's cluster module, of which one asks the other, as its users do it: over the primary.
// node messages.js COUNT AT_ONCE ROUNDS
const cluster = require('node:cluster');

const [count, atOnce, rounds] = process.argv.slice(2).map(Number);

if (cluster.isPrimary) {
	const asks = cluster.fork();
	const answers = cluster.fork();
	asks.on('message', (message) => answers.send(message));
	answers.on('message', (message) => (message === 'ready') ? asks.send('go') : asks.send(message));
	asks.on('exit', () => answers.kill());
}
else if (cluster.worker.id === 2) {
	process.on('message', (message) => process.send({ id: message.id, answer: message.number }));
	process.send('ready');
}
else {
	const waiting = new Map();
	let lastId = 0;
	const request = (number) => new Promise((resolve) => {
		waiting.set(++lastId, resolve);
		process.send({ id: lastId, number });
	});
	process.on('message', async (message) => {
		if (message !== 'go') {
			waiting.get(message.id)(message.answer);
			waiting.delete(message.id);
			return;
		}
		for (let round = 0; round < rounds; round++) {
			await measure(request);
		}
		process.exit(0);
	});
}

async function measure(request) {
	const nanos = [];
	let next = 0;
	const ask = async () => {
		while (next < count) {
			const number = next++;
			const start = process.hrtime.bigint();
			await request(number);
			nanos.push(Number(process.hrtime.bigint() - start));
		}
	};
	const begin = process.hrtime.bigint();
	await Promise.all(Array.from({ length: atOnce }, ask));
	const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
	nanos.sort((a, b) => a - b);
	const quantile = (q) => (nanos[Math.floor(count * q)] / 1e3).toFixed(0);
	console.log(`${(count / seconds).toFixed(0)} ${quantile(0.5)} ${quantile(0.99)}`);
}
