//! MGF1 (RFC 8017, section B.2.1), which RSAES-OAEP and RSASSA-PSS share.

use sha2::Digest;
use zeroize::Zeroize as _;

/// XORs a block with MGF1 of a seed, in time that depends on their lengths alone.
///
/// Either may be secret, so the mask, from which the one gives the other, is wiped.
pub(crate) fn mgf1_xor<D: Digest>(seed: &[u8], block: &mut [u8]) {
    for (counter, chunk) in (0_u32..).zip(block.chunks_mut(<D as Digest>::output_size())) {
        let mut mask = D::new()
            .chain_update(seed)
            .chain_update(counter.to_be_bytes())
            .finalize();
        for (byte, mask) in chunk.iter_mut().zip(&mask) {
            *byte ^= *mask;
        }
        mask.as_mut_slice().zeroize();
    }
}
