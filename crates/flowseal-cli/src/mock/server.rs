//! The HTTP side: connections come, each is served on its own, none can stop the others.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use flowseal::ErrorCode;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::api::Api;
use crate::failure::Failure;

/// How long the head of a request may take: a connection that says nothing holds its place so long.
const HEAD_TIME: Duration = Duration::from_secs(15);

/// How many flows are sealed at the same time. One of the threads makes keys at first.
const SEALERS: usize = 4;

/// Serves for ever, or until `prepare`, which runs beside it, fails.
pub(super) fn serve(
    listener: TcpListener,
    api: Arc<Api>,
    prepare: impl FnOnce() -> Result<(), Failure> + Send + 'static,
) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        let sentence = format!("the server cannot be started ({error}): try again");
        Failure::new(ErrorCode::Io, sentence)
    };
    let runtime = Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(SEALERS)
        .build()
        .map_err(failed)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).map_err(failed)?;
        let accepting = tokio::spawn(accept(listener, api));
        let prepared = spawn_blocking(prepare).await.unwrap_or_else(|_| {
            let sentence = "the keys could not be made: please report it";
            Err(Failure::new(ErrorCode::InternalFault, sentence))
        });
        prepared?;
        // It ends with the process.
        let _ = accepting.await;
        Ok(())
    })
}

async fn accept(listener: tokio::net::TcpListener, api: Arc<Api>) {
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            // No more files may be open, most likely. Those that come wait until some are closed.
            sleep(Duration::from_millis(20)).await;
            continue;
        };
        let api = Arc::clone(&api);
        tokio::spawn(async move {
            let service = service_fn(move |request| Arc::clone(&api).answer(request, peer.ip()));
            // What is no HTTP is answered by hyper; a connection that breaks concerns nobody else.
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIME)
                .max_buf_size(1 << 14)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}
