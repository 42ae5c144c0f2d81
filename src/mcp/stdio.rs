//! Serving one person's record over standard input and output.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rmcp::ServiceExt;
use rmcp::service::{QuitReason, ServerInitializeError};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

use super::desk::Desk;
use super::server::Server;
use super::tool::{Gate, Limits};
use super::{daily, log};
use crate::access::{Access, Caller};

/// After the input has ended, calls that are still running get so long to be answered.
const LAST_ANSWERS: Duration = Duration::from_secs(1);
/// How long the answer to the call that wore the process out has to get out.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Why serving ended before its input did.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The runtime could not start.
    #[error("no runtime could be started")]
    NoRuntime(#[source] io::Error),
    /// The first message is no MCP.
    #[error("the other side does not speak MCP: start plainchart from an assistant's configuration")]
    NotMcp,
    /// Two tools did not end.
    #[error("two calls ignored their deadline: the assistant starts the server again with the next question")]
    WornOut,
    /// The task that serves has failed.
    #[error("serving failed")]
    Failed,
}

/// Serves until the input ends. Everything else is lazy: the store is opened with the first call.
pub fn serve(access: Access, desk: Option<Desk>) -> Result<(), Error> {
    log::without_panic_messages();
    // One thread for the protocol: tools run on their own.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Error::NoRuntime)?;
    let (input, output) = {
        let _entered = runtime.enter();
        rmcp::transport::stdio_pipes()
    };
    let gate = Gate::with(access, Limits::default(), desk);
    let ended = runtime.block_on(converse_through(gate, input, output));
    // A read of standard input may be waiting, and so may a thread that was given up: neither holds us up.
    runtime.shutdown_background();
    ended
}

/// Serves a conversation over any pair of streams.
pub async fn converse<I, O>(access: Access, limits: Limits, input: I, output: O) -> Result<(), Error>
where
    I: AsyncRead + Send + Unpin + 'static,
    O: AsyncWrite + Send + Unpin + 'static,
{
    converse_through(Gate::new(access, limits), input, output).await
}

/// The same, through a gate that is there.
pub async fn converse_through<I, O>(gate: Gate, input: I, output: O) -> Result<(), Error>
where
    I: AsyncRead + Send + Unpin + 'static,
    O: AsyncWrite + Send + Unpin + 'static,
{
    let has_ended = Arc::new(Notify::new());
    let input = Input { input, has_ended: Arc::clone(&has_ended) };
    let server = Server::new(gate.clone(), Caller::LocalOwner);
    let running = match server.serve((input, output)).await {
        Ok(running) => running,
        // Whoever started us has gone again without a word.
        Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        // The error holds the message itself, so that it is neither passed on nor logged.
        Err(_) => return Err(Error::NotMcp),
    };
    // The greeting is done, and the first question is likely on its way.
    gate.warm(Caller::LocalOwner);
    daily::begin(&gate);
    let out_of_input = async {
        has_ended.notified().await;
        tokio::time::sleep(LAST_ANSWERS).await;
    };
    tokio::select! {
        quit = running.waiting() => match quit {
            Ok(QuitReason::Closed | QuitReason::Cancelled) => Ok(()),
            _ => Err(Error::Failed),
        },
        () = out_of_input => Ok(()),
        () = gate.worn_out() => {
            tokio::time::sleep(LAST_WORDS).await;
            Err(Error::WornOut)
        }
    }
}

/// An input that tells when it has ended.
struct Input<I> {
    input: I,
    has_ended: Arc<Notify>,
}

impl<I: AsyncRead + Unpin> AsyncRead for Input<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.input).poll_read(context, buffer);
        if matches!(polled, Poll::Ready(Ok(()))) && buffer.filled().len() == before {
            self.has_ended.notify_one();
        }
        polled
    }
}
