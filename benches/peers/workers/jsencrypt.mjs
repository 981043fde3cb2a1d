// node-jsencrypt, which pasby documents: answers the questions of `src/peers/worker.rs`, one line each.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

// It is installed with the peers of the interop tests, and found from there.
const require = createRequire(`${process.env.FLOWSEAL_PEERS_NODE_MODULES}/`);
const JSEncrypt = require('node-jsencrypt');
const { version } = require('node-jsencrypt/package.json');

let decryptor;
let sealed = [];

for await (const line of createInterface({ input: process.stdin })) {
  const [question, ...words] = line.split(' ');
  if (question === 'name') {
    console.log(`node-jsencrypt ${version} (node ${process.versions.node})`);
  } else if (question === 'key') {
    decryptor = new JSEncrypt();
    decryptor.setPrivateKey(Buffer.from(words[0], 'base64').toString());
    sealed = [];
  } else if (question === 'sealed') {
    sealed.push({ ciphertext: words[0], text: Buffer.from(words[1], 'base64').toString() });
  } else if (question === 'private') {
    const start = process.hrtime.bigint();
    for (let i = 0; i < Number(words[0]); i += 1) {
      const { ciphertext, text } = sealed[i % sealed.length];
      if (decryptor.decrypt(ciphertext) !== text) {
        throw new Error('a wrong answer');
      }
    }
    console.log(`${process.hrtime.bigint() - start}`);
  }
}
