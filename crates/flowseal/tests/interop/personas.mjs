// Who is in the flows: texts that have broken somebody's decoder before.

/** Yoruba letters with combining marks, emoji beyond the BMP, digits to keep, values with a type. */
export const ADEBAYO = {
  bio: { birthnumber: '22212345610', birthdate: '1987-04-02', gender: 'Male' },
  contact: { email: 'adebayo@example.com', emailVerified: true },
  naming: { family: 'Ọláwálé', given: 'Adébáyọ̀', nickname: 'Báyọ̀ 😀👩🏾‍⚖️' },
  nationality: { primary: 'NG', nationalities: ['NG', 'GB'], pep: false },
};

/** A deeper tree, an array of leaves, a group that no catalogue knows. */
export const DEEP = {
  address: { home: { city: 'Ìbàdàn', place: { formatted: '7 Ọ̀yọ́ Road\nÌbàdàn' } } },
  nationality: { nationalities: ['NG', 'GB'] },
  newgroup: { newfield: 'kept' },
};

/** The two texts that a leaf may hold for a value. */
export const ENCODINGS = {
  text: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  json: (value) => JSON.stringify(value),
};

/**
 * A tree of values with each one sealed. A list is one leaf, unless `listsAreTrees`, where each of
 * its elements is sealed by itself.
 */
export function sealTree(tree, seal, { listsAreTrees = false } = {}) {
  if (Array.isArray(tree) && listsAreTrees) {
    return tree.map((element) => seal(element));
  }
  if (typeof tree === 'object' && !Array.isArray(tree)) {
    return Object.fromEntries(
      Object.entries(tree).map(([name, branch]) => [
        name,
        sealTree(branch, seal, { listsAreTrees }),
      ]),
    );
  }
  return seal(tree);
}
