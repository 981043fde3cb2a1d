//! Streams of events: the standard's own examples, bounds, and every way of cutting them.

use flowseal::api::EventStream;
use flowseal::profile::Profile;
use flowseal::{ErrorCode, FlowState, Setup};
use proptest::collection::vec;
use proptest::prelude::*;

/// Name, data and id of each event, or the code that ends the stream.
type Seen = Vec<Result<(String, String, String), ErrorCode>>;

fn read<'a>(chunks: impl IntoIterator<Item = &'a [u8]>, mut stream: EventStream) -> Seen {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut seen = Vec::new();
    for chunk in chunks {
        for event in stream.push(chunk) {
            seen.push(match event {
                Ok(event) => Ok((text(event.name()), text(event.data()), text(event.id()))),
                Err(error) => Err(error.code()),
            });
        }
    }
    seen
}

fn whole(text: &str) -> Seen {
    read([text.as_bytes()], EventStream::new())
}

fn data(texts: &[&str]) -> Seen {
    let event = |text: &&str| Ok((String::new(), (*text).to_owned(), String::new()));
    texts.iter().map(event).collect()
}

#[test]
fn the_examples_of_the_standard_are_read() {
    let stocks = "data: YHOO\ndata: +2\ndata: 10\n\n";
    assert_eq!(whole(stocks), data(&["YHOO\n+2\n10"]));

    let four_blocks = ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n";
    let event = |data: &str, id: &str| Ok((String::new(), data.to_owned(), id.to_owned()));
    assert_eq!(
        whole(four_blocks),
        [
            event("first event", "1"),
            event("second event", ""),
            event(" third event", "")
        ]
    );

    assert_eq!(whole("data\n\ndata\ndata\n\ndata:"), data(&["", "\n"]));
    assert_eq!(
        whole("data:test\n\ndata: test\n\n"),
        data(&["test", "test"])
    );
}

#[test]
fn lines_end_in_three_ways_and_a_byte_order_mark_comes_once() {
    assert_eq!(
        whole("data: a\r\n\r\ndata: b\r\rdata: c\n\n"),
        data(&["a", "b", "c"])
    );
    assert_eq!(whole("data: a\r\n\ndata: b\n\r"), data(&["a", "b"]));
    assert_eq!(
        whole("\u{feff}data: a\n\n\u{feff}data: b\n\n"),
        data(&["a"])
    );
}

#[test]
fn names_ids_and_strange_fields_do_as_the_standard_says() {
    let event = |name: &str, id: &str| Ok((name.to_owned(), "x".to_owned(), id.to_owned()));
    assert_eq!(
        whole("event: flow\nid: 7\ndata: x\n\ndata: x\n\nid: a\0b\ndata: x\n\n"),
        [event("flow", "7"), event("", "7"), event("", "7")]
    );
    // An event without data is none, and takes its name with it; fields are matched by case.
    let strange = "event: lost\n\nretry: 1\nData: y\n data: y\ncolour: blue\ndata: x\n\n";
    assert_eq!(whole(strange), [event("", "")]);
}

#[test]
fn both_sides_of_the_bound() {
    let profile = Profile::from_json(br#"{"limits": {"response_bytes": 20}}"#).unwrap();
    let bounded = || Setup::new(profile.clone()).event_stream();
    let longest = format!("data:{}\n\n", "x".repeat(15));
    assert_eq!(
        read([longest.as_bytes()], bounded()),
        data(&[&"x".repeat(15)])
    );

    for endless in [
        format!("data: before\n\ndata:{}\n\n", "x".repeat(16)),
        format!("data: before\n\n{}", "data:\n".repeat(40)),
        format!("data: before\n\n:{}", "x".repeat(100)),
        format!("data: before\n\nevent:{}", "x".repeat(100)),
    ] {
        let seen = read([endless.as_bytes(), b"\n\ndata: after\n\n"], bounded());
        assert_eq!(
            seen,
            [data(&["before"]), vec![Err(ErrorCode::TooLarge)]].concat()
        );
    }
}

#[test]
fn the_profile_travels_with_the_flow_and_malformed_text_is_refused() {
    let flow = include_str!("../vectors/seed/ping_pending.json").replace('\n', "");
    let mut stream = Setup::new(Profile::default()).event_stream();
    let events = stream.push(format!("data: {flow}\n\n").as_bytes());
    let response = events[0].as_ref().unwrap().response().unwrap();
    assert_eq!(response.into_flow().unwrap().state(), FlowState::OnSession);

    let events = EventStream::new().push(b"data: {\"a\": \"\xff\"}\n\n");
    let refused = events[0].as_ref().unwrap().response().unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Json);
}

/// Pieces of which streams are made, so that generated ones have structure.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("data: {\"a\": 1}".to_owned()),
        Just("data".to_owned()),
        Just("event: flow".to_owned()),
        Just("id: 1".to_owned()),
        Just("\n".to_owned()),
        Just("\r".to_owned()),
        Just("\r\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("\u{feff}".to_owned()),
        Just(":".to_owned()),
        "[a-z: ]{0,8}",
        "\\PC{0,4}",
    ];
    vec(piece, 0..24).prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #[test]
    fn any_chunking_gives_the_same_events(
        stream in stream(),
        cuts in vec(any::<prop::sample::Index>(), 0..8),
        limit in 1_usize..64,
    ) {
        let profile = format!(r#"{{"limits": {{"response_bytes": {limit}}}}}"#);
        let profile = Profile::from_json(profile.as_bytes()).unwrap();
        let new = || Setup::new(profile.clone()).event_stream();
        let at_once = read([stream.as_slice()], new());

        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.sort_unstable();
        let mut chunks = Vec::new();
        let mut rest = stream.as_slice();
        for cut in cuts {
            let (chunk, behind) = rest.split_at(cut - (stream.len() - rest.len()));
            chunks.push(chunk);
            rest = behind;
        }
        chunks.push(rest);
        prop_assert_eq!(&read(chunks, new()), &at_once);
        prop_assert_eq!(&read(stream.chunks(1), new()), &at_once);
    }
}

#[test]
fn an_id_is_kept_once_however_many_events_follow_it() {
    let mut stream = EventStream::new();
    let id = format!("id: {}\n", "x".repeat(512 << 10));
    assert!(stream.push(id.as_bytes()).is_empty());
    let events = stream.push("data\n\n".repeat(1000).as_bytes());
    let first = events.first().unwrap().as_ref().unwrap().id().as_ptr();
    assert_eq!(events.len(), 1000);
    assert!(
        events
            .iter()
            .flatten()
            .all(|event| event.id().as_ptr() == first)
    );
}
