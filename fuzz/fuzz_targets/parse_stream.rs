//! A stream of events is the same however it is cut.
#![no_main]

use flowseal::api::EventStream;
use flowseal::ErrorCode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((cut, stream)) = input.split_first() else {
        return;
    };
    let read = |size: usize| {
        let mut events = EventStream::new();
        let chunks = stream.chunks(size);
        let seen = chunks.flat_map(|chunk| events.push(chunk)).map(|event| {
            let event = event.map_err(|error| error.code())?;
            let _ = event.response().map(|response| format!("{response:?}"));
            Ok::<_, ErrorCode>((
                event.name().to_vec(),
                event.data().to_vec(),
                event.id().to_vec(),
            ))
        });
        seen.collect::<Vec<_>>()
    };
    assert_eq!(read(usize::from(*cut).max(1)), read(stream.len().max(1)));
});
