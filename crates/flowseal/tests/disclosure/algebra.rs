//! RSA without padding is a homomorphism: what a reader that has some proofs can compute of them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flowseal::profile::Profile;
use flowseal::{Disclosure, ErrorCode};
use num_bigint::BigUint;
use proptest::prelude::*;
use serde_json::json;

use super::checking::numbers;
use super::{app_key, disclosure, user_public};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Given A and B, no product of their powers, and nothing by its side, is a proof of C.
    #[test]
    fn a_reader_of_two_claims_proves_no_third(
        a in 0_u32..9,
        b in 0_u32..9,
        negated in any::<bool>(),
        inverted in any::<bool>(),
        // By itself, too: A, B, their product, and what their own powers give.
        random in prop_oneof![Just(0), any::<u64>()],
        path in prop::sample::select(vec!["naming.surname", "other.0"]),
    ) {
        let mut file = disclosure(&Profile::default(), &["naming.given", "other.1"]);
        let (n, _) = numbers();
        let number = |index: usize| {
            let em = file["claims"][index]["em"].as_str().unwrap();
            BigUint::from_bytes_be(&STANDARD.decode(em).unwrap())
        };
        let mut em = number(0).pow(a) * number(1).pow(b) * (random | 1) % &n;
        if inverted {
            em = em.modinv(&n).unwrap();
        }
        if negated {
            em = &n - em;
        }
        let em = em.to_bytes_be();
        let em = [vec![0; 256 - em.len()], em].concat();
        let forged = json!({"path": path, "em": STANDARD.encode(em)});
        file["claims"].as_array_mut().unwrap().push(forged);
        let read = Disclosure::from_json(file.to_string().as_bytes()).unwrap();
        let refused = read.check(&app_key(), &user_public()).unwrap_err();
        prop_assert_eq!(refused.code(), ErrorCode::DisclosureInvalid);
        prop_assert_eq!(refused.details().why(), Some("ciphertext_differs"));
        prop_assert_eq!(refused.details().claim(), Some(path));
    }
}
