//! The connections to a server, and the one thread on which they live: calls block, the protocol does not.

use std::panic::resume_unwind;
use std::thread;
use std::time::Duration;

use deadpool_postgres::{
    Client, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, TimeoutType,
};
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use super::super::error::Error;
use super::address::Address;
use super::tls;

/// Connections of one process.
const CONNECTIONS_MAX: usize = 8;
/// For one of them to be free.
const WAIT_MAX: Duration = Duration::from_secs(10);
/// For a new one, with its TLS and its sign-in, at whichever of the hosts.
const CONNECT_MAX: Duration = Duration::from_secs(20);
/// For a whole call. The server's own limits come first, where it is still there.
const CALL_MAX: Duration = Duration::from_secs(60);

/// A pool of connections.
pub struct Connections {
    pool: Pool,
    runtime: Handle,
    // The thread ends when this is dropped.
    _running: oneshot::Sender<()>,
}

impl Connections {
    /// Connects to nothing yet.
    pub fn new(address: &Address) -> Result<Self, Error> {
        // Fast: a connection that has ended says so by itself, and nothing is sent to find out.
        let config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(address.server.clone(), tls::connector(&address.trust)?, config);
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS_MAX)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAIT_MAX))
            .create_timeout(Some(CONNECT_MAX))
            .build()
            .map_err(Error::failed("preparing connections"))?;
        let (runtime, running) = start()?;
        Ok(Self { pool, runtime, _running: running })
    }

    /// Runs work on a connection, and waits for it. A connection that was given up in the middle of something, or
    /// that the server is about to end, serves nobody else: the next call has a new one.
    pub fn run<T: Send>(
        &self,
        work: impl AsyncFnOnce(&mut Client) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let whole = async || {
            let mut client = self.pool.get().await.map_err(of_pool)?;
            let result = tokio::time::timeout(CALL_MAX, work(&mut client)).await;
            let result = result.unwrap_or_else(|elapsed| Err(Error::Unreachable(elapsed.into())));
            if matches!(result, Err(Error::Unreachable(_))) {
                drop(Object::take(client));
            }
            result
        };
        if Handle::try_current().is_err() {
            return self.runtime.block_on(whole());
        }
        // Inside of another runtime tokio refuses to block, so that a thread of its own has to.
        thread::scope(|scope| match scope.spawn(|| self.runtime.block_on(whole())).join() {
            Ok(result) => result,
            Err(panic) => resume_unwind(panic),
        })
    }
}

/// A thread for the connections' own work, for as long as the sender lives.
fn start() -> Result<(Handle, oneshot::Sender<()>), Error> {
    let doing = "starting the thread of the connections";
    let runtime = Builder::new_current_thread().enable_all().build().map_err(Error::failed(doing))?;
    let handle = runtime.handle().clone();
    let (running, ended) = oneshot::channel::<()>();
    let thread = thread::Builder::new().name("postgres".into());
    let run = move || drop(runtime.block_on(ended));
    thread.spawn(run).map_err(Error::failed(doing))?;
    Ok((handle, running))
}

fn of_pool(error: PoolError) -> Error {
    match error {
        PoolError::Backend(error) => error.into(),
        PoolError::Timeout(TimeoutType::Wait) => Error::Busy,
        PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle)
        | PoolError::Closed
        | PoolError::NoRuntimeSpecified
        | PoolError::PostCreateHook(_) => Error::Unreachable(error.into()),
    }
}
