// Everybody who signs a statement: `{signer, sign(key, algorithm, statement)}`, base64 out.

import { constants, sign } from 'node:crypto';

import { openssl } from './openssl.mjs';

export const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];

export const nodeSigner = {
  signer: 'node-crypto',
  sign(key, algorithm, statement) {
    const padding = isPss(algorithm) ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
    const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
    const options = { key: key.privateKey, padding, saltLength };
    return sign(hashOf(algorithm), statement, options).toString('base64');
  },
};

const opensslSigner = {
  signer: 'openssl',
  sign(key, algorithm, statement) {
    const pss = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest'];
    const args = ['dgst', `-${hashOf(algorithm)}`, '-sign', key.path('pem')];
    return openssl(isPss(algorithm) ? [...args, ...pss] : args, statement).toString('base64');
  },
};

export function signers({ withOpenssl }) {
  return withOpenssl ? [nodeSigner, opensslSigner] : [nodeSigner];
}

function isPss(algorithm) {
  return algorithm.startsWith('PS');
}

function hashOf(algorithm) {
  return `sha${algorithm.slice(2)}`;
}
