//! The language server: the only home of protocol types.
//!
//! Bytes come in through [`transport`], on a thread of their own. [`dispatch`] takes the messages in the order of arrival:
//! what changes something ([`backend`], [`sync`], [`session`]) is done before the next message is looked at; a question gets
//! a [`view`] of that moment and is answered on a thread of the pool by its row of [`routes`]. [`publish`] tells of findings
//! when it has become quiet.
//!
//! Deliberately absent: the server loop of the protocol library, which ends on a malformed message or a panic, stops
//! edits and cancellation while four requests wait, and deadlocks when its client does not read; a second place that
//! knows the text of an open note; an await of the client in a handler.

mod abilities;
mod answers;
mod backend;
mod convert;
mod desk;
mod dispatch;
mod folder;
mod in_flight;
mod ledger;
mod messages;
mod pool;
mod publish;
mod question;
mod quirks;
mod routes;
mod session;
mod settings;
mod sync;
mod transport;
mod uri;
mod view;
mod watchdog;

use crate::vault::heap;
use backend::Backend;
use dispatch::{Dispatcher, Phase};
use futures::stream::StreamExt;
use messages::Messages;
use publish::Bell;
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::runtime::{Builder, Handle};
use tower_lsp::LspService;
use tracing_subscriber::EnvFilter;
use transport::Transport;

/// How long a client that reads no more is waited for at the end.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Serves the client on the standard input and output until it says `exit`, closes the input or ends. 0 if it said
/// `shutdown` before, else 1.
pub fn serve() -> ExitCode {
    log_to_stderr();
    heap::keep_little();
    let runtime = match Builder::new_multi_thread().worker_threads(1).enable_time().build() {
        Ok(runtime) => runtime,
        Err(error) => return refuse("starting threads", &error),
    };
    let output = match standard_output() {
        Ok(output) => output,
        Err(error) => return refuse("opening the standard output", &error),
    };
    let transport = Transport::default();
    let all_written = transport.write(output);
    let in_order = runtime.block_on(run(transport.clone(), runtime.handle().clone()));
    transport.outbox.close();
    let _ = all_written.recv_timeout(LAST_WORDS);
    runtime.shutdown_background();
    if in_order { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn refuse(attempted: &str, error: &std::io::Error) -> ExitCode {
    tracing::error!("{attempted}: {error}");
    ExitCode::FAILURE
}

async fn run(transport: Transport, tasks: Handle) -> bool {
    let (bell, rings) = Bell::new();
    let outbox = transport.outbox.clone();
    let (service, socket) = LspService::new(|client| {
        let messages = Messages { client, tasks: tasks.clone(), outbox: outbox.clone() };
        Backend { messages, bell, session: OnceLock::new() }
    });
    let (mut requests, replies) = socket.split();
    spawn("requests", move || {
        tasks.block_on(async {
            while let Some(request) = requests.next().await {
                outbox.send_when_room(request.to_string().into_bytes());
            }
        });
    });
    let messages = service.inner().messages.clone();
    let (sender, incoming) = tokio::sync::mpsc::unbounded_channel();
    transport.clone().read(std::io::stdin(), sender);
    let phase = Phase::Uninitialized;
    Dispatcher { service, replies, transport, messages, rings: Some(rings), phase }.run(incoming).await
}

/// The standard output without a buffer: the writer makes one write of a batch.
fn standard_output() -> std::io::Result<impl std::io::Write + Send + 'static> {
    #[cfg(unix)]
    use std::os::fd::AsFd;
    #[cfg(windows)]
    use std::os::windows::io::AsHandle;
    let output = std::io::stdout();
    #[cfg(unix)]
    let output = output.as_fd().try_clone_to_owned();
    #[cfg(windows)]
    let output = output.as_handle().try_clone_to_owned();
    output.map(std::io::PipeWriter::from)
}

/// `VAULTLS_LOG=debug vaultls`; never to the standard output, which is the client's.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("VAULTLS_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false);
    let _ = log.try_init();
}

/// A thread with a name, for those who look at the process. Without one the system has none left, and nothing works.
fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    if let Err(error) = std::thread::Builder::new().name(name.to_owned()).spawn(work) {
        tracing::error!("starting the thread `{name}`: {error}");
    }
}

/// What these locks guard is valid between any two statements, so a panic elsewhere changes nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
