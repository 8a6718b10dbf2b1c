// PouchDB in steps, against express-pouchdb: `node pouch_steps.js serve HOST PORT FOLDER`, or `node pouch_steps.js URL TEXTS FOLDER`.
// Steps as in anki_steps.py: each waits for a line on standard input and prints one JSON line when it is done.
const readline = require('readline');

async function serve(host, port, folder) {
  const PouchDB = require('pouchdb').defaults({ prefix: folder + '/' });
  const app = require('express')();
  app.use('/', require('express-pouchdb')(PouchDB, { inMemoryConfig: true, logPath: folder + '/log.txt' }));
  app.listen(parseInt(port), host, () => console.log('ready'));
}

async function steps(url, pairs, folder) {
  const PouchDB = require('pouchdb');
  const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const kept = {};
  const step = async (name, work) => {
    await lines.next();
    const begun = Date.now();
    const tries = (await work()) || 1;
    console.log(JSON.stringify({ step: name, seconds: (Date.now() - begun) / 1000, tries }));
  };
  const until = async (work) => {
    for (let tries = 1; ; tries++) {
      try { await work(); return tries; } catch (broken) { console.error(String(broken)); await new Promise(r => setTimeout(r, 500)); }
    }
  };
  await step('prepared', async () => {
    kept.far = new PouchDB(url + '/county');
    await kept.far.info();
    for (const name of ['a', 'b']) {
      kept[name] = new PouchDB(`${folder}/${name}`);
      await kept[name].put({ _id: 'first' + name });
      await kept[name].replicate.to(kept.far);
      await kept[name].replicate.from(kept.far);
    }
  });
  await step('written', async () => {
    const docs = pairs.map(([title, text], i) => ({ _id: 'm' + String(i).padStart(8, '0'), title, text }));
    await kept.a.bulkDocs(docs);
  });
  await step('push', () => until(() => kept.a.replicate.to(kept.far, { batch_size: 500 })));
  await step('pull', () => until(() => kept.b.replicate.from(kept.far, { batch_size: 500 })));
  const have = (await kept.b.info()).doc_count;
  if (have < pairs.length) throw new Error(`lost: ${have}`);
  process.exit(0);
}

const words = process.argv.slice(2);
if (words[0] === 'serve') serve(words[1], words[2], words[3]); else steps(words[0], JSON.parse(require('fs').readFileSync(words[1])), words[2]);
