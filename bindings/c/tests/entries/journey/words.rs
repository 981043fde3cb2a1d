//! What a page tells the person: the core's words, by situation.

use flowseal::ErrorCode;
use flowseal::api::{Situation, Words};
use flowseal_ffi::error::flowseal_error;
use flowseal_ffi::lists::{flowseal_next_step, flowseal_situation, flowseal_situation_key};
use flowseal_ffi::lists::{flowseal_next_step_name, flowseal_purpose_name, flowseal_trust_name};
use flowseal_ffi::start::{flowseal_created, flowseal_start_read};
use flowseal_ffi::status::flowseal_status;
use flowseal_ffi::words::{
    flowseal_situation_next, flowseal_situation_of_error, flowseal_situation_of_status,
    flowseal_words, flowseal_words_english, flowseal_words_french, flowseal_words_from_json,
    flowseal_words_text,
};

use super::{bytes, config, http, identify, of_ada, read, status_of};
use crate::call::{made, message, named, text, tried};

fn of_status(status: u32) -> Result<flowseal_situation, flowseal_status> {
    made!(flowseal_situation::TryAgain; flowseal_situation_of_status(status))
}

#[test]
fn every_situation_has_its_key_its_words_and_what_comes_next() {
    let words = |made: Result<flowseal_words, flowseal_status>| made.unwrap();
    let place = flowseal_words { id: 0 };
    let english = words(made!(place; flowseal_words_english()));
    let french = words(made!(place; flowseal_words_french()));
    for (number, situation) in (1_u32..).zip(Situation::ALL) {
        assert_eq!(named(flowseal_situation_key(number)), situation.key());
        let told = |words| text!(flowseal_words_text(words, number)).unwrap();
        assert_eq!(told(english), Words::english().text(*situation));
        assert_eq!(told(french), Words::french().text(*situation));
        let next = made!(flowseal_next_step::Wait; flowseal_situation_next(number)).unwrap();
        let name = named(flowseal_next_step_name(next as u32));
        assert_eq!(name, situation.next().as_str());
    }
    let beyond = u32::try_from(Situation::ALL.len() + 1).unwrap();
    for number in [0, beyond, u32::MAX] {
        assert_eq!(named(flowseal_situation_key(number)), "unknown");
        let usage = flowseal_status::Usage;
        assert_eq!(text!(flowseal_words_text(english, number)), Err(usage));
        let next = made!(flowseal_next_step::Wait; flowseal_situation_next(number));
        assert_eq!(next, Err(usage));
    }
    assert_eq!(named(flowseal_purpose_name(2)), "login");
    assert_eq!(named(flowseal_trust_name(2)), "received");
}

#[test]
fn the_apps_own_words_replace_all_or_none() {
    let from_json = |json: &str| {
        tried!(flowseal_words { id: 0 };
            flowseal_words_from_json(bytes(json).cast(), json.len()))
    };
    let own = Situation::ALL
        .iter()
        .map(|situation| format!(r#""{}": "<{}>""#, situation.key(), situation.key()))
        .collect::<Vec<_>>()
        .join(",");
    let words = from_json(&format!("{{{own}}}")).map_err(message).unwrap();
    let scan = flowseal_situation::ScanCode as u32;
    let told = text!(flowseal_words_text(words, scan));
    assert_eq!(told.as_deref(), Ok("<scan_code>"));
    for json in ["", "[]", r#"{"scan_code": "Scan me"}"#] {
        let refused = status_of(from_json(json));
        assert_eq!(refused, flowseal_status::Usage, "{json}");
    }
}

#[test]
fn an_error_is_told_as_the_core_tells_it() {
    for code in ErrorCode::ALL {
        let situation = of_status(code.number()).unwrap();
        let key = named(flowseal_situation_key(situation as u32));
        assert_eq!(key, Situation::of_code(*code).key(), "{code}");
    }
    let of = |status: flowseal_status| of_status(status as u32);
    let failed = Ok(flowseal_situation::ServiceFailed);
    assert_eq!(of(flowseal_status::HandleStale), failed);
    assert_eq!(of(flowseal_status::Panic), failed);
    let again = Ok(flowseal_situation::TryAgain);
    assert_eq!(of(flowseal_status::Callback), again);
    assert_eq!(of(flowseal_status::HandlesExhausted), again);
    for number in [0, 79, 99, u32::MAX] {
        assert_eq!(of_status(number), Err(flowseal_status::Usage), "{number}");
    }
}

#[test]
fn an_error_that_names_the_number_asks_to_check_it() {
    let start = identify(config(2), &["naming.given"], of_ada())
        .map_err(message)
        .unwrap();
    let issue = |member: &str| {
        format!(r#"[{{"code": "too_small", "path": ["body", "{member}"], "message": "No"}}]"#)
    };
    let situation = |error: flowseal_error| {
        made!(flowseal_situation::TryAgain; flowseal_situation_of_error(error)).unwrap()
    };
    let refused = |body: &str| {
        let response = http(400, body);
        let place = flowseal_created { id: 0 };
        tried!(place; flowseal_start_read(start, response))
            .err()
            .unwrap()
    };
    assert_eq!(
        situation(refused(&issue("user"))),
        flowseal_situation::CheckNumber
    );
    assert_eq!(
        situation(refused(&issue("payload"))),
        flowseal_situation::ServiceFailed
    );
    let none = read(start, "{}").err().unwrap();
    assert_eq!(situation(none), flowseal_situation::ServiceFailed);
    let stale = made!(flowseal_situation::TryAgain;
        flowseal_situation_of_error(flowseal_error { id: 0 }));
    assert_eq!(stale, Err(flowseal_status::HandleNone));
}
