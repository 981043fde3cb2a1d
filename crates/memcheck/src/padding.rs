//! The decodings of the core: right and wrong ones, which nothing may tell apart.

use flowseal::SecretBytes;
use flowseal::hooks::unpad;
use flowseal::profile::Padding;

use crate::hex;
use crate::secrets::{make_secret, revealed};

/// Decodes the message under each padding, rightly and wrongly encoded.
pub(crate) fn decode() {
    let pkcs1_v15 = [[0, 2].as_slice(), &[7; 100], &[0], MESSAGE.as_bytes()].concat();
    for (padding, right) in [
        (Padding::Pkcs1v15, pkcs1_v15),
        (Padding::OaepSha1, hex::bytes(OAEP_SHA1)),
        (Padding::OaepSha256, hex::bytes(OAEP_SHA256)),
    ] {
        assert_eq!(
            decoded(padding, &right).as_deref(),
            Some(MESSAGE.as_bytes())
        );
        for wrong in [0, 1, 30, right.len() - 1] {
            let mut em = right.clone();
            em[wrong] ^= 1;
            // Both paddings leave some bytes free: those of PS, and those of the message in PKCS #1
            // v1.5.
            let is_free = padding == Padding::Pkcs1v15 && wrong > 1;
            assert_eq!(decoded(padding, &em).is_some(), is_free);
        }
        println!("padding: {padding:?}, 5 encoded messages");
    }
}

/// The message that was encoded as `em`, if it was.
fn decoded(padding: Padding, em: &[u8]) -> Option<Vec<u8>> {
    let (mut em, mut key) = (SecretBytes::copied_from(em), [7; 32]);
    make_secret(em.expose_secret_mut());
    make_secret(&mut key);
    let (right, len, bytes) = unpad(padding, em, &key, b"ciphertext");
    let right = revealed(vec![right]);
    let len = revealed(len.to_le_bytes().to_vec());
    let bytes = revealed(bytes.expose_secret().to_vec());
    let len = u32::from_le_bytes(len.try_into().unwrap()) as usize;
    (right == [1]).then(|| bytes[..len].to_vec())
}

const MESSAGE: &str = "Adébáyọ̀";

// Encoded by Python's hashlib and the text of RFC 8017, section 7.1.1, with the seed 07 08 09 …
const OAEP_SHA1: &str = "\
     00683e9c33009e2330c93a9907cd4c87d6ab0c3a9f2a3d06de40fd5a3ba324709db5b12ab0816afa\
     19d02d3b854178153c0405ae612cd3c6c1c7c43a645db6e3412a8b880b368086783cc5d988fe67db\
     5a9f49f719719ebcfa9154cc80f00204a154ec0cbeee3758e89267e5f3f892a099d5c10441f2dbf8\
     36b14b3b5c309c3f";

const OAEP_SHA256: &str = "\
     0037ce24d97f8fe878f783b1d97b211563e1b272d98b7009669cf7fc204df38b328c34c89774f54d\
     06a5aaf8af836a19cab1f0c0fc25ff336d38b625066cd19f9bb4cc133db162ae0dea917554d4d2ee\
     e5599a4e34b07cbfdd6483e3dd037ee87f864d2aaae705d0b956cdeed1f96878c41fd6aa7613cc73\
     b7cbd0f63eee5c84";
