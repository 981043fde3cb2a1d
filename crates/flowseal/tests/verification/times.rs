//! Clocks that differ.

use core::time::Duration;

use flowseal::report::{Check, Outcome};
use flowseal::testkit::FlowBuilder;
use flowseal::{Expectations, Flow};

use super::{at, user, verifier};

#[test]
fn leeway_holds_in_both_directions() {
    const IAT: i64 = 1_716_820_052;
    for (signed_at, now, leeway, right) in [
        // The signer's clock is behind the server's.
        (IAT, IAT, 0, true),
        (IAT - 1, IAT, 0, false),
        (IAT - 5, IAT, 5, true),
        (IAT - 6, IAT, 5, false),
        (IAT - 90, IAT, 90, true),
        // It is ahead of the caller's.
        (IAT + 6, IAT + 1, 5, true),
        (IAT + 7, IAT + 1, 5, false),
        (IAT - 5, IAT, u64::MAX, true),
    ] {
        let flow = FlowBuilder::new("req_1").times(IAT, signed_at);
        let bare = super::bare("").replace("1716820121", &signed_at.to_string());
        let signed = flow.sign(&bare, &user()).unwrap();
        let flow = Flow::from_json(signed.as_bytes()).unwrap();
        let expectations = Expectations::unbound().with_leeway(Duration::from_secs(leeway));
        let verified = flow.verify(&verifier(), &expectations, at(now));
        assert_eq!(verified.is_ok(), right, "{signed_at} {now} {leeway}");
        if let Err(refused) = verified {
            assert_eq!(refused.report().outcome(Check::SignedAt), Outcome::Failed);
        }
    }
}
