//! What is odd but no refusal: the same sentences as in Rust, by index.

use flowseal::{Expectations, Mode, OpenOptions};
use flowseal_ffi::expectations::{
    flowseal_expectations, flowseal_expectations_for_reference, flowseal_expectations_set_claims,
    flowseal_expectations_set_mode, flowseal_expectations_warning,
    flowseal_expectations_warning_count,
};
use flowseal_ffi::options::{
    flowseal_open_options, flowseal_open_options_new, flowseal_open_options_select,
    flowseal_open_options_warning, flowseal_open_options_warning_count,
};
use flowseal_ffi::status::flowseal_status;
use flowseal_ffi::verifying_keys::{
    flowseal_verifying_keys, flowseal_verifying_keys_count, flowseal_verifying_keys_load,
    flowseal_verifying_keys_new, flowseal_verifying_keys_warning,
    flowseal_verifying_keys_warning_count,
};

use crate::call::{call, made, slice, text};

const OK: flowseal_status = flowseal_status::Ok;

/// The list that a pair of entries gives; one above its count is no index.
macro_rules! warnings {
    ($handle:expr, $count:ident, $warning:ident) => {{
        let count = made!(0; $count($handle)).unwrap();
        assert_eq!(text!($warning($handle, count)), Err(flowseal_status::Index));
        (0..count)
            .map(|index| text!($warning($handle, index)).unwrap())
            .collect::<Vec<_>>()
    }};
}

#[test]
fn what_is_odd_in_expectations_is_a_warning() {
    let (reference, mode, claim) = ("1234", "singing", "naming.givn");
    let expected = made!(flowseal_expectations { id: 0 };
        flowseal_expectations_for_reference(reference.as_ptr().cast(), reference.len()))
    .unwrap();
    assert_eq!(
        call!(flowseal_expectations_set_mode(
            expected,
            mode.as_ptr().cast(),
            mode.len()
        )),
        OK
    );
    assert_eq!(
        call!(flowseal_expectations_set_claims(expected, &slice(claim), 1)),
        OK
    );

    let told = warnings!(
        expected,
        flowseal_expectations_warning_count,
        flowseal_expectations_warning
    );
    assert_eq!(told.len(), 3, "{told:?}");
    let core = Expectations::for_reference(reference)
        .with_mode(Mode::from_name(mode))
        .with_claims([claim]);
    assert_eq!(told, core.warnings());
}

#[test]
fn a_selected_path_that_the_catalogue_lacks_is_a_warning() {
    let claim = "naming.givn";
    let options = made!(flowseal_open_options { id: 0 }; flowseal_open_options_new()).unwrap();
    let told = || {
        warnings!(
            options,
            flowseal_open_options_warning_count,
            flowseal_open_options_warning
        )
    };
    assert!(told().is_empty());
    assert_eq!(
        call!(flowseal_open_options_select(options, &slice(claim), 1)),
        OK
    );
    assert_eq!(told(), OpenOptions::new().select([claim]).warnings());
    assert!(told()[0].contains("naming.given"));
}

#[test]
fn a_jwk_that_is_skipped_is_a_warning_with_its_kid_and_the_list_remembers_all_files() {
    let set = |kid: &str| {
        let n = "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw";
        format!(
            r#"{{"keys": [{{"kty": "EC", "kid": "{kid}", "crv": "P-256", "x": "AA", "y": "AA"}},
                {{"kty": "RSA", "n": "{n}", "e": "AQAB"}}]}}"#
        )
    };
    let keys = made!(flowseal_verifying_keys { id: 0 }; flowseal_verifying_keys_new()).unwrap();
    for kid in ["first", "second"] {
        let file = set(kid);
        let loaded = call!(flowseal_verifying_keys_load(
            keys,
            file.as_ptr().cast(),
            file.len(),
            std::ptr::null_mut()
        ));
        assert_eq!(loaded, OK);
    }
    let told = warnings!(
        keys,
        flowseal_verifying_keys_warning_count,
        flowseal_verifying_keys_warning
    );
    assert_eq!(
        made!(0; flowseal_verifying_keys_count(keys)).unwrap(),
        2,
        "the usable ones"
    );
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].contains("first") && told[1].contains("second"),
        "{told:?}"
    );
}
